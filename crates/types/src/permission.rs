//! What Tenure itself lets people do: named permissions, and roles that hold them. Deny by default.

macro_rules! permissions {
    ($($name:ident $text:literal $doc:literal),+ $(,)?) => {
        /// One thing that Tenure may let an identity do. Ownership rules narrow it further.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum Permission { $(#[doc = $doc] #[serde(rename = $text)] $name),+ }

        impl Permission {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            pub const fn describe(self) -> &'static str {
                match self { $(Self::$name => $doc),+ }
            }
        }
    };
}

permissions! {
    SelfRead "self.read" "see one's own profile, eligibility, requests, grants and sessions",
    SelfCredentials "self.credentials" "manage one's own tokens, SSH keys and certificates",
    RequestsCreate "requests.create" "ask for access that one is eligible for",
    RequestsDecide "requests.decide" "decide on requests for systems that one owns",
    RequestsRead "requests.read" "see everybody's requests",
    GrantsRead "grants.read" "see everybody's grants",
    GrantsWithdraw "grants.withdraw" "withdraw anybody's grant",
    IdentitiesRead "identities.read" "see every identity and its history",
    IdentitiesImport "identities.import" "import an HR feed and confirm a held one",
    IdentitiesInvite "identities.invite" "make one-time set-up links",
    SourcesRead "sources.read" "see the sources of people and who pushes to them",
    SourcesWrite "sources.write" "declare sources of people and who pushes to them",
    ConfigurationRead "configuration.read" "see what is declared as files, and what differs from what was applied last",
    ConfigurationWrite "configuration.write" "plan and apply files that declare everything",
    SimulationsRun "simulations.run" "have it computed who would gain and lose what by other declarations",
    CasesRead "cases.read" "see what a person must decide: whose a record is, and what becomes of what was changed by hand",
    CasesDecide "cases.decide" "decide such cases",
    SourcesPush "sources.push" "push people and groups to a source that names one as who pushes to it",
    LifecycleTerminate "lifecycle.terminate" "say ahead of every source that somebody has left, is suspended or on leave",
    RolesAssign "roles.assign" "give people roles in Tenure itself",
    SystemsRead "systems.read" "see systems, owners and roles",
    SystemsWrite "systems.write" "register systems, owners, roles and the policy for requests and imports",
    InventoryRead "inventory.read" "see who has what on systems, and which entitlements there are",
    TicketsWork "tickets.work" "carry out what is ordered on systems that one owns and nothing of ours reaches",
    TicketsManage "tickets.manage" "see everybody's tickets, and say of any that it is done",
    EntitlementsWrite "entitlements.write" "give roles and entitlements, and say who owns an entitlement",
    PlansRead "plans.read" "see what is to be changed on systems, and what became of it",
    PlansConfirm "plans.confirm" "let a plan through that is held, and have one computed",
    TargetsRead "targets.read" "see targets and the privileged accounts found on them",
    TargetsWrite "targets.write" "register targets and pin host keys",
    TargetsDiscover "targets.discover" "run discovery on a target",
    ServicesRead "services.read" "see databases and directories that hold accounts",
    ServicesWrite "services.write" "register databases and directories",
    SecretsUse "secrets.use" "read and write the values of secrets, each under a grant of one's own",
    SecretsRead "secrets.read" "see names and metadata of secrets, never a value",
    AccountsRead "accounts.read" "see accounts under management and their history, never a credential",
    AccountsWrite "accounts.write" "put accounts under management and change how they are managed",
    AccountsRotate "accounts.rotate" "rotate, verify and reconcile accounts under management",
    CheckoutsUse "checkouts.use" "check out credentials that one has a grant for, and confirm others'",
    CheckoutsRead "checkouts.read" "see everybody's checkouts",
    CheckoutsForce "checkouts.force" "take back anybody's checkout",
    LeasesUse "leases.use" "issue, renew and revoke credentials on demand of one's own, each under a grant",
    LeasesRead "leases.read" "see everybody's credentials on demand and the backlog of revocations",
    LeasesRevoke "leases.revoke" "revoke anybody's credentials, also in bulk",
    ProfilesWrite "profiles.write" "say which credentials can be made on demand, and by which issuers",
    HygieneScan "hygiene.scan" "scan for leaked secrets and lint the set-up",
    SessionsRead "sessions.read" "see everybody's sessions",
    SessionsReplay "sessions.replay" "watch and replay recordings",
    SessionsKill "sessions.kill" "end anybody's session at once",
    AccessRead "access.read" "answer who had access to what, when and why",
    LedgerRead "ledger.read" "read and verify the ledger",
    EvidenceExport "evidence.export" "export evidence bundles",
    InvariantsVerify "invariants.verify" "re-derive every invariant",
    FindingsRead "findings.read" "see findings and dead jobs",
    SealRekey "seal.rekey" "rotate the seal's root key and data key, and seal every secret again",
    SealSeal "seal.seal" "close the seal: end live sessions and forget every key",
    MetricsRead "metrics.read" "read metrics",
    MachinesOwn "machines.own" "register machine identities that one owns, and manage those",
    MachinesRead "machines.read" "see everybody's machine identities",
    MachinesManage "machines.manage" "register and manage machine identities for anybody",
}

impl Permission {
    /// Whether the token of a machine identity can have it. Deny by default: a machine asks for nothing, decides
    /// nothing and sees nothing of others.
    pub const fn fits_a_machine(self) -> bool {
        matches!(self, Self::SelfRead | Self::SelfCredentials | Self::SecretsUse | Self::LeasesUse | Self::SourcesPush)
    }
}

impl std::str::FromStr for Permission {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.iter().copied().find(|permission| permission.as_str() == text).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|permission| permission.as_str()).collect();
            format!("`{text}` is not a permission; choose from {}", known.join(", "))
        })
    }
}

impl std::fmt::Display for Permission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Roles in Tenure itself (not to be confused with business roles, which live in `governance`).
/// Every active identity is a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Member,
    Auditor,
    Operator,
    Administrator,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Member, Self::Auditor, Self::Operator, Self::Administrator];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Auditor => "auditor",
            Self::Operator => "operator",
            Self::Administrator => "administrator",
        }
    }

    pub fn permits(self, permission: Permission) -> bool {
        use Permission as P;
        let member = matches!(
            permission,
            P::SelfRead
                | P::SelfCredentials
                | P::RequestsCreate
                | P::RequestsDecide
                | P::SystemsRead
                | P::SecretsUse
                | P::MachinesOwn
                | P::LeasesUse
                | P::CheckoutsUse
                | P::TicketsWork
                | P::SourcesPush
        );
        let reads = matches!(
            permission,
            P::RequestsRead
                | P::GrantsRead
                | P::IdentitiesRead
                | P::InventoryRead
                | P::TargetsRead
                | P::SessionsRead
                | P::FindingsRead
                | P::MetricsRead
                | P::ServicesRead
                | P::SecretsRead
                | P::AccountsRead
                | P::CheckoutsRead
                | P::LeasesRead
                | P::MachinesRead
                | P::SourcesRead
                | P::CasesRead
                | P::ConfigurationRead
                | P::PlansRead
        );
        match self {
            Self::Member => member,
            Self::Auditor => {
                member
                    || reads
                    || matches!(
                        permission,
                        P::SessionsReplay | P::AccessRead | P::LedgerRead | P::EvidenceExport | P::InvariantsVerify
                    )
            }
            Self::Operator => {
                member
                    || reads
                    || matches!(
                        permission,
                        P::TargetsWrite
                            | P::TargetsDiscover
                            | P::LifecycleTerminate
                            | P::SimulationsRun
                            | P::SessionsKill
                            | P::GrantsWithdraw
                            | P::InvariantsVerify
                            | P::ServicesWrite
                            | P::AccountsWrite
                            | P::AccountsRotate
                            | P::CheckoutsForce
                            | P::LeasesRevoke
                            | P::ProfilesWrite
                            | P::HygieneScan
                    )
            }
            // Who runs Tenure does not see what people typed: neither by replay nor in a bundle.
            Self::Administrator => !matches!(permission, P::SessionsReplay | P::EvidenceExport),
        }
    }
}

impl std::str::FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or_else(|| {
            format!("`{text}` is not a role of Tenure; choose from {}", Self::ALL.map(Self::as_str).join(", "))
        })
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
