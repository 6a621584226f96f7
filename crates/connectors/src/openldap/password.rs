//! Sets the password of an entry by the password modify operation (RFC 3062), as the entry itself or as another that may.
//! The directory hashes it: the password goes there in plain text, inside TLS.

use super::session::{Session, check};
use crate::account::{cut, settable};
use crate::error::one_line_without;
use crate::{ConnectorError, Server};
use ldap3::exop::PasswordModify;
use types::Secret;

const CONSTRAINT_VIOLATION: u32 = 19;
const NO_SUCH_OBJECT: u32 = 32;
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
    let new_pass = Some(settable(new)?);
    let mut session = Session::open(server, as_dn, as_password).await?;
    let old_pass = (as_dn == dn).then(|| as_password.expose().as_str());
    let wanted = PasswordModify { user_id: Some(dn), old_pass, new_pass };
    let answer = session.operation().extended(wanted).await;
    let outcome = match answer {
        Ok(ldap3::result::ExopResult(_, result)) if result.rc == 0 => Ok(()),
        Ok(ldap3::result::ExopResult(_, result)) => {
            let detail = one_line_without(new.expose(), &result.text);
            Err(match result.rc {
                CONSTRAINT_VIOLATION => ConnectorError::PasswordRefused { detail },
                NO_SUCH_OBJECT => ConnectorError::NoSuchAccount { login: cut(dn) },
                code if INVALID_DN.contains(&code) => {
                    ConnectorError::BadName { name: cut(dn), reason: "it is no distinguished name" }
                }
                code => session.explain("password modify", code, &detail),
            })
        }
        Err(error) => Err(session.lost(error)),
    };
    session.close().await;
    outcome
}
