//! One newtype per noun, printed as `prefix_` and a UUIDv7 (RFC 9562) in hex, so that ids sort by age: those of one stream of
//! chance strictly, also within a millisecond and when the clock goes back.

use crate::{Chance, Clock};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadId {
    pub prefix: &'static str,
    pub given: String,
}

impl std::fmt::Display for BadId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` is not an id of the form `{}_` and 32 hex digits", self.given, self.prefix)
    }
}

impl std::error::Error for BadId {}

fn mint(prefix: &str, clock: &Clock, chance: &Chance) -> String {
    let millis = u64::try_from(clock.now().micros() / 1000).unwrap_or_default();
    let (millis, random) = chance.next_after(millis);
    let uuid = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
    format!("{prefix}_{}", uuid.simple())
}

fn well_formed(prefix: &str, text: &str) -> bool {
    text.strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .is_some_and(|hex| hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)))
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal),+ $(,)?) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
            #[serde(try_from = "String", into = "String")]
            pub struct $name(String);

            impl $name {
                pub const PREFIX: &'static str = $prefix;

                pub fn new(clock: &Clock, chance: &Chance) -> Self {
                    Self(mint($prefix, clock, chance))
                }

                pub fn as_str(&self) -> &str {
                    &self.0
                }
            }

            impl std::fmt::Display for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(&self.0)
                }
            }

            impl std::str::FromStr for $name {
                type Err = BadId;
                fn from_str(text: &str) -> Result<Self, BadId> {
                    if well_formed($prefix, text) {
                        Ok(Self(text.to_owned()))
                    } else {
                        Err(BadId { prefix: $prefix, given: text.chars().take(60).collect() })
                    }
                }
            }

            impl TryFrom<String> for $name {
                type Error = BadId;
                fn try_from(text: String) -> Result<Self, BadId> {
                    text.parse()
                }
            }

            impl From<$name> for String {
                fn from(id: $name) -> String {
                    id.0
                }
            }
        )+

        /// Calls a macro with the name of every id type, for crates that give each a trait.
        #[macro_export]
        macro_rules! for_each_id {
            ($callback:ident) => { $callback!($($name),+); };
        }
    };
}

ids! {
    /// A person or machine that can hold access.
    IdentityId "idn",
    /// An access request.
    RequestId "req",
    /// A grant: the contract between the planes.
    GrantId "grt",
    /// One use of a grant.
    PermitId "pmt",
    /// One proxied session on one channel.
    SessionId "ses",
    /// A credential issued for a session.
    LeaseId "lse",
    /// A privileged account found on a target.
    AccountId "acc",
    /// A leaver case.
    CaseId "cas",
    /// One run of an HR import.
    ImportId "imp",
    /// A background job.
    JobId "job",
    /// Something that needs a person's attention.
    FindingId "fnd",
    /// An API token.
    TokenId "tok",
    /// A registered SSH public key.
    SshKeyId "key",
    /// A one-time set-up link.
    SetupLinkId "lnk",
    /// A console sign-in.
    SignInId "sgn",
    /// An account under management.
    ManagedAccountId "mac",
    /// One change of an account's credential.
    RotationId "rot",
    /// A file on a host that holds the password of an account under management.
    DependentId "dep",
    /// A credential that somebody has in hand, until it is given back.
    CheckoutId "cho",
    /// A credential made on demand, until it is revoked.
    CredentialId "crd",
    /// A secret of the vault.
    SecretId "sec",
    /// A secret wrapped for one delivery.
    WrapId "wrp",
    /// One look for values of the vault outside of it.
    ScanId "scn",
    /// An authority that issues X.509 certificates or tokens.
    IssuerId "iss",
    /// A record of which nobody could be sure whose it is.
    MatchCaseId "mat",
    /// A role or an entitlement that somebody is to have for a time.
    AssignmentId "asg",
    /// An ed25519 or CA key of Tenure's own.
    SigningKeyId "sky",
    /// An order to change an account on a system.
    OrderId "ord",
    /// What is to be done on a system so that it holds what it should.
    PlanId "pln",
    /// What other declarations would change for whom.
    SimulationId "sim",
    /// Something on a system that was changed by hand.
    DriftId "dri",
    /// An account as it was read on a system.
    ObservedAccountId "oac",
    /// A group, role or right as it was read on a system.
    EntitlementId "ent",
    /// A person is asked to do something on a system that nothing of ours reaches.
    TicketId "tkt",
    /// One reading of a system or a source.
    ReadId "rdg",
    /// Something that a leaver owned.
    OwnershipId "own",
    /// A mover case.
    MoverCaseId "mov",
    /// A standing privilege that becomes one on request.
    ConversionId "cnv",
    /// A resource that a client pushed by SCIM.
    ScimResourceId "scm",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_text_and_refuses_the_wrong_noun() {
        let id = GrantId::new(&Clock::system(), &Chance::system());
        assert_eq!(id.to_string().parse::<GrantId>().unwrap(), id);
        assert!(id.to_string().parse::<RequestId>().is_err());
        assert!("grt_'; drop table grants".parse::<GrantId>().is_err());
    }

    #[test]
    fn ids_of_one_process_are_in_the_order_in_which_they_were_made() {
        for chance in [Chance::system(), Chance::seeded(7)] {
            let clock = Clock::still("2026-11-21T09:00:00Z".parse().unwrap());
            let mut made: Vec<GrantId> = Vec::new();
            for at in 0..20_000 {
                made.push(GrantId::new(&clock, &chance.clone()));
                if at % 7_000 == 6_999 {
                    clock.advance(std::time::Duration::from_millis(1));
                }
            }
            // A clock that is set back makes nothing older than what there is.
            let back = Clock::still("2026-11-21T08:00:00Z".parse().unwrap());
            made.extend((0..100).map(|_| GrantId::new(&back, &chance)));
            assert!(made.is_sorted_by(|one, next| one < next));
        }
    }

    #[test]
    fn ids_made_by_many_at_once_are_all_different_and_in_order_for_each() {
        let (clock, chance) = (Clock::still("2026-11-21T09:00:00Z".parse().unwrap()), Chance::system());
        let mut all = std::collections::BTreeSet::new();
        std::thread::scope(|scope| {
            let make = || (0..2_000).map(|_| GrantId::new(&clock, &chance)).collect::<Vec<_>>();
            let made: Vec<_> = (0..4).map(|_| scope.spawn(make)).collect();
            for of_one in made.into_iter().map(|thread| thread.join().unwrap()) {
                assert!(of_one.is_sorted_by(|one, next| one < next));
                all.extend(of_one);
            }
        });
        assert_eq!(all.len(), 8_000);
    }

    #[test]
    fn an_id_is_a_uuid_of_version_7_that_tells_when_it_was_made() {
        let (clock, chance) = (Clock::still("2026-11-21T09:00:00Z".parse().unwrap()), Chance::system());
        for _ in 0..3 {
            let id = GrantId::new(&clock, &chance).to_string();
            let uuid = uuid::Uuid::parse_str(id.strip_prefix("grt_").unwrap()).unwrap();
            assert_eq!((uuid.get_version_num(), uuid.get_variant()), (7, uuid::Variant::RFC4122));
            let (seconds, nanos) = uuid.get_timestamp().unwrap().to_unix();
            assert_eq!((i64::try_from(seconds).unwrap(), nanos), (clock.now().seconds(), 0));
        }
    }
}
