//! Who sees a session, who ends it, and who reads what was typed. Pure: whether the caller owns the system, which this
//! plane does not know, is told.

use super::Session;
use authn::Caller;
use types::{IdentityId, Permission};

/// What the caller is to the system that a session is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    Owner,
    Other,
}

/// Whom a list of sessions, all on one system where there is a `relation` to it, is narrowed to: oneself, unless one
/// owns that system or may read everybody's.
pub fn whose(caller: &Caller, relation: Relation) -> Option<IdentityId> {
    let all = relation == Relation::Owner || caller.may(Permission::SessionsRead);
    (!all).then(|| caller.identity.clone())
}

/// One's own, on a system that one owns, or anybody's with `sessions.read`.
pub fn may_see(session: &Session, caller: &Caller, relation: Relation) -> bool {
    concerns(session, caller, relation) || caller.may(Permission::SessionsRead)
}

/// One's own, on a system that one owns, or anybody's with `sessions.kill`.
pub fn may_kill(session: &Session, caller: &Caller, relation: Relation) -> bool {
    concerns(session, caller, relation) || caller.may(Permission::SessionsKill)
}

/// What people typed is for themselves and for those who may replay it. `typed_by` as the ledger spells an actor.
pub fn may_read_command(typed_by: &str, caller: &Caller) -> bool {
    typed_by == caller.identity.as_str() || caller.may(Permission::SessionsReplay)
}

fn concerns(session: &Session, caller: &Caller, relation: Relation) -> bool {
    session.holder == caller.identity || relation == Relation::Owner
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sessions::State;
    use authn::Proof;
    use types::{Channel, Role, Timestamp};

    fn id(n: u8) -> IdentityId {
        format!("{}_{n:032x}", IdentityId::PREFIX).parse().unwrap()
    }

    fn caller(n: u8, role: Role) -> Caller {
        let token = format!("{}_{n:032x}", types::TokenId::PREFIX).parse().unwrap();
        Caller { identity: id(n), roles: [role].into(), scopes: None, proof: Proof::Token(token) }
    }

    /// Of person 1.
    fn session() -> Session {
        Session {
            id: format!("{}_{:032x}", types::SessionId::PREFIX, 1).parse().unwrap(),
            grant: format!("{}_{:032x}", types::GrantId::PREFIX, 1).parse().unwrap(),
            holder: id(1),
            target: "web-1".into(),
            login: "root".into(),
            channel: Channel::Shell,
            command: None,
            client: "192.0.2.1:50000".parse().unwrap(),
            node: "node-1".into(),
            started_at: Timestamp::from_micros(0),
            deadline: Timestamp::from_micros(1),
            used: None,
            state: State::Live { kill: None },
        }
    }

    #[test]
    fn a_session_is_for_its_holder_the_owner_of_its_system_and_those_with_the_permission() {
        use Relation::{Other, Owner};
        for (n, role, relation, [sees, kills, reads]) in [
            (1, Role::Member, Other, [true, true, true]),
            (2, Role::Member, Owner, [true, true, false]),
            (2, Role::Member, Other, [false, false, false]),
            (2, Role::Auditor, Other, [true, false, true]),
            (2, Role::Operator, Other, [true, true, false]),
        ] {
            let (session, caller) = (session(), caller(n, role));
            let verdict = [
                may_see(&session, &caller, relation),
                may_kill(&session, &caller, relation),
                may_read_command(session.holder.as_str(), &caller),
            ];
            assert_eq!(verdict, [sees, kills, reads], "{n} {role} {relation:?}");
        }
        assert_eq!(whose(&caller(2, Role::Member), Other), Some(id(2)));
        assert_eq!(whose(&caller(2, Role::Member), Owner), None);
        assert_eq!(whose(&caller(2, Role::Auditor), Other), None);
    }
}
