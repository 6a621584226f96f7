//! Sets the password of an entry by the password modify operation (RFC 3062), as the entry itself or as another that may.
//! The directory hashes it: the password goes there in plain text, inside TLS.

use crate::account::{cut, settable};
use crate::error::one_line_without;
use crate::ldap::dn::check;
use crate::ldap::session::{CONSTRAINT_VIOLATION, NO_SUCH_OBJECT, Session};
use crate::{ConnectorError, Server};
use ldap3::exop::PasswordModify;
use types::Secret;

/// As an attribute's value of that syntax, and as a name.
const INVALID_DN: [u32; 2] = [21, 34];

/// Sets the password of `dn`, bound as `as_dn`.
///
/// # Errors
/// `BadServer`, `BadName`, `BadPassword`, `LogInRefused`, `NotPermitted`, `NoSuchAccount`: nothing was changed.
/// `PasswordRefused`: neither, by the directory's own policy. `Unreachable`, `Busy`, `Timeout`, `Untrusted`,
/// `Unexpected`: it is not known whether the password was set.
pub async fn set_password(
    server: &Server,
    as_dn: &str,
    as_password: &Secret<String>,
    dn: &str,
    new: &Secret<String>,
) -> Result<(), ConnectorError> {
    check(dn)?;
    settable(new)?;
    let mut session = Session::open(server, as_dn, as_password).await?;
    let old = (as_dn == dn).then_some(as_password);
    let outcome = set_in(&mut session, old, dn, new).await;
    session.close().await;
    outcome
}

/// The same over a connection that is there. `old` is what whoever sets its own password proves itself with again.
pub(super) async fn set_in(
    session: &mut Session,
    old: Option<&Secret<String>>,
    dn: &str,
    new: &Secret<String>,
) -> Result<(), ConnectorError> {
    let old_pass = old.map(|old| old.expose().as_str());
    let wanted = PasswordModify { user_id: Some(dn), old_pass, new_pass: Some(settable(new)?) };
    let answer = session.operation().extended(wanted).await;
    let ldap3::result::ExopResult(_, result) = answer.map_err(|error| session.lost(error))?;
    let detail = one_line_without(new.expose(), &result.text);
    match result.rc {
        0 => Ok(()),
        CONSTRAINT_VIOLATION => Err(ConnectorError::PasswordRefused { detail }),
        NO_SUCH_OBJECT => Err(ConnectorError::NoSuchAccount { login: cut(dn) }),
        code if INVALID_DN.contains(&code) => {
            Err(ConnectorError::BadName { name: cut(dn), reason: "it is no distinguished name" })
        }
        code => Err(session.explain("password modify", code, &detail)),
    }
}
