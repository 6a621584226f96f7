//! What the entries of Active Directory mean: people's accounts, security groups, and which of them have power. Asks
//! nothing and changes nothing.

use super::Scope;
use super::accounts::id_bytes;
use super::ids::{Sid, guid, guid_bytes, time};
use crate::ConnectorError;
use crate::connector::{Account, AccountKind, AccountRef, Attributes, Entitlement, EntitlementKind, NativeId, Status};
use crate::ldap::entry::Entry;
use crate::ldap::filter::{both, either, equals, holds};
use crate::ldap::listing::{Keyed, Members, Schema};
use crate::ldap::session::Search;
use crate::ldap::tree::Found;
use ldap3::controls::RawControl;

/// Accounts of people and of programs; no computers, no contacts.
pub(super) const ACCOUNTS: &str = "(&(objectCategory=person)(objectClass=user)(sAMAccountName=*))";
pub(super) const GROUPS: &str = "(&(objectCategory=group)(sAMAccountName=*))";

/// What is read of an account besides what makes it one.
const ATTRIBUTES: [&str; 12] = [
    "cn",
    "department",
    "description",
    "displayName",
    "distinguishedName",
    "employeeID",
    "givenName",
    "mail",
    "sn",
    "telephoneNumber",
    "title",
    "userPrincipalName",
];
const OWN: [&str; 7] = [
    "objectGUID",
    "objectSid",
    "sAMAccountName",
    "userAccountControl",
    "primaryGroupID",
    "lastLogonTimestamp",
    "isCriticalSystemObject",
];
const GROUP: [&str; 4] = ["objectGUID", "objectSid", "sAMAccountName", "cn"];

/// Where the mark of who made an account is kept.
pub(super) const MARK: &str = "info";
/// The names of the groups that an account is a member of. Whoever may not read it sees none.
const GROUPS_OF: &str = "memberOf";

/// Bits of `userAccountControl` (MS-ADTS, 2.2.16).
pub(super) const DISABLED: u32 = 0x2;
pub(super) const NORMAL_ACCOUNT: u32 = 0x200;
const TRUSTED_FOR_DELEGATION: u32 = 0x8_0000;
const TRUSTED_TO_IMPERSONATE: u32 = 0x100_0000;

/// Below it, numbers of accounts are Windows's own.
const FIRST_FREE_RID: u32 = 1_000;
/// Members in one answer.
const MEMBERS: usize = 1_500;
/// Asks for members as `<GUID=…>;<SID=…>;DN` (MS-ADTS, 3.1.1.3.4.1.5): a rename does not lose them.
const EXTENDED_NAMES: &str = "1.2.840.113556.1.4.529";

pub(super) struct ActiveDirectorySchema {
    pub(super) scope: Scope,
    /// Who we are there, as we log in.
    pub(super) login: String,
}

impl ActiveDirectorySchema {
    pub(super) fn search(&self, filter: &str, attributes: &[&str]) -> Search {
        Search {
            base: self.scope.base.clone(),
            scope: ldap3::Scope::Subtree,
            filter: filter.to_owned(),
            attributes: attributes.iter().map(|name| (*name).to_owned()).collect(),
            controls: Vec::new(),
        }
    }

    /// Accounts that fit `filter`, with everything that [`account`](Schema::account) needs.
    pub(super) fn accounts_with(&self, filter: &str) -> Search {
        let mut search = self.search(filter, &[&OWN[..], &ATTRIBUTES[..]].concat());
        search.attributes.extend(self.scope.attributes.iter().cloned());
        search
    }

    pub(super) fn groups_with(&self, filter: &str) -> Search {
        self.search(&both(GROUPS, filter), &GROUP)
    }

    fn ranged(&self, filter: &str, from: usize) -> Search {
        let mut search = self.search(filter, &["objectGUID"]);
        search.attributes.push(format!("member;range={from}-{}", from + MEMBERS - 1));
        search.controls.push(RawControl {
            ctype: EXTENDED_NAMES.to_owned(),
            crit: true,
            // A sequence of the integer 1: ids as text.
            val: Some(vec![0x30, 3, 2, 1, 1]),
        });
        search
    }

    fn kind(&self, entry: &Entry, login: &str, sid: &Sid) -> AccountKind {
        let ours = |name: &str| name.eq_ignore_ascii_case(&self.login);
        let is_ours = ours(&entry.dn)
            || entry.text("distinguishedName").is_some_and(ours)
            || entry.text("userPrincipalName").is_some_and(ours)
            || ours(&self.scope.principal(login))
            || self.login.split_once('\\').is_some_and(|(_, name)| name.eq_ignore_ascii_case(login));
        let is_windows = sid.rid() < FIRST_FREE_RID || entry.text("isCriticalSystemObject") == Some("TRUE");
        if is_ours || is_windows { AccountKind::BuiltIn } else { AccountKind::Ordinary }
    }
}

impl Schema for ActiveDirectorySchema {
    fn entitlements(&self) -> Search {
        self.search(GROUPS, &GROUP)
    }

    fn accounts(&self) -> Search {
        self.accounts_with(ACCOUNTS)
    }

    fn members(&self) -> Search {
        self.ranged(GROUPS, 0)
    }

    fn more_members(&self, entitlement: &NativeId, from: usize) -> Option<Search> {
        Some(self.ranged(&holds("objectGUID", &guid_bytes(entitlement)?), from))
    }

    fn one(&self, account: &AccountRef) -> Result<Vec<Search>, ConnectorError> {
        let which = match &account.id {
            Some(id) => holds("objectGUID", &id_bytes(id)?),
            None => equals("sAMAccountName", &account.login),
        };
        let mut search = self.accounts_with(&both(ACCOUNTS, &which));
        search.attributes.extend([MARK, GROUPS_OF].map(str::to_owned));
        Ok(vec![search])
    }

    fn base(&self) -> &str {
        &self.scope.base
    }

    /// By its GUID in place of a name (MS-ADTS, 3.1.1.3.1.2.4).
    fn anywhere(&self, id: &NativeId, _: &str) -> Result<Search, ConnectorError> {
        // Whatever else it holds could be another name.
        id_bytes(id)?;
        let search = self.search("(objectClass=*)", &["objectGUID"]);
        Ok(Search { base: format!("<GUID={}>", id.0), scope: ldap3::Scope::Base, ..search })
    }

    /// By its name, and by the number of its primary group, of which it is no member.
    fn groups_of(&self, found: &Found) -> Vec<Search> {
        let primary = primary_group(&found.entry).map(|sid| holds("objectSid", sid.bytes()));
        let filters = std::iter::once(equals("member", &found.entry.dn)).chain(primary);
        filters.map(|filter| self.groups_with(&filter)).collect()
    }

    fn groups_named_by(&self, found: &Found) -> Option<(Vec<Search>, usize)> {
        let (names, range) = found.entry.ranged(GROUPS_OF);
        if names.is_empty() || range.next.is_some() {
            return None;
        }
        let primary = primary_group(&found.entry).map(|sid| holds("objectSid", sid.bytes()));
        let count = names.len() + usize::from(primary.is_some());
        let filters = names.iter().map(|name| equals("distinguishedName", name)).chain(primary);
        Some((vec![self.groups_with(&either(filters))], count))
    }

    fn moved(&self, _: &str) -> Option<Search> {
        None
    }

    fn entitlement(&self, entry: &Entry) -> Option<Keyed<Entitlement>> {
        let id = guid(entry.bytes("objectGUID").first()?)?;
        let sid = Sid::read(entry.bytes("objectSid").first()?)?;
        let name = entry.text("sAMAccountName")?.to_owned();
        let privileged = power(&sid, &name).map(str::to_owned);
        let keys = vec![id.0.clone(), sid.to_string()];
        let object = Entitlement { id, kind: EntitlementKind::Group, name, privileged };
        Some(Keyed { object, keys, implied: Vec::new() })
    }

    fn account(&self, entry: &Entry) -> Option<Keyed<Account>> {
        let id = guid(entry.bytes("objectGUID").first()?)?;
        let sid = Sid::read(entry.bytes("objectSid").first()?)?;
        let login = entry.text("sAMAccountName")?.to_owned();
        let control = control(entry)?;
        let implied = primary_group(entry).map(|group| group.to_string());
        let kind = self.kind(entry, &login, &sid);
        let own = ATTRIBUTES.into_iter().chain(self.scope.attributes.iter().map(String::as_str));
        let attributes = own.map(|name| (name.to_owned(), entry.texts(name))).filter(|(_, values)| !values.is_empty());
        let object = Account {
            id,
            login,
            status: if control & DISABLED == 0 { Status::Enabled } else { Status::Disabled },
            attributes: attributes.collect::<Attributes>(),
            privileged: delegation(control),
            last_used_at: entry.number("lastLogonTimestamp").and_then(time),
            kind,
        };
        Some(Keyed { keys: vec![object.id.0.clone()], object, implied: implied.into_iter().collect() })
    }

    fn member_keys(&self, entry: &Entry) -> Option<Members> {
        let entitlement = guid(entry.bytes("objectGUID").first()?)?;
        let (members, range) = entry.ranged("member");
        let keys: Option<Vec<String>> = members.iter().map(|member| named_guid(member)).collect();
        Some(Members { entitlement, keys: keys?, range })
    }
}

/// `userAccountControl`, which is kept as a signed number.
pub(super) fn control(entry: &Entry) -> Option<u32> {
    entry.number::<i32>("userAccountControl").map(i32::cast_unsigned)
}

/// The group that an account is in without being among its members.
pub(super) fn primary_group(account: &Entry) -> Option<Sid> {
    let sid = Sid::read(account.bytes("objectSid").first()?)?;
    account.number("primaryGroupID").map(|rid| sid.with_rid(rid))
}

/// The GUID in `<GUID=…>;<SID=…>;DN`.
fn named_guid(member: &str) -> Option<String> {
    let (guid, _) = member.strip_prefix("<GUID=")?.split_once('>')?;
    Some(guid.to_ascii_lowercase())
}

fn delegation(control: u32) -> Vec<String> {
    let flags = [
        (TRUSTED_FOR_DELEGATION, "trusted for delegation: it may act as whoever signs in to it"),
        (TRUSTED_TO_IMPERSONATE, "trusted to authenticate for delegation: it may act as anybody"),
    ];
    flags.into_iter().filter(|(flag, _)| control & flag != 0).map(|(_, why)| why.to_owned()).collect()
}

/// Why a group gives power over the domain ("Active Directory security groups" of Windows Server), where it does.
fn power(sid: &Sid, name: &str) -> Option<&'static str> {
    let of_domain = [
        (512, "administers the domain"),
        (516, "is a domain controller"),
        (518, "changes the schema"),
        (519, "administers the forest"),
        (520, "changes what policies set everywhere"),
        (526, "replaces the keys of accounts"),
        (527, "replaces the keys of accounts in the forest"),
    ];
    let builtin = [
        (544, "administers the domain controllers"),
        (548, "changes accounts and groups"),
        (549, "administers servers, domain controllers included"),
        (550, "loads drivers on domain controllers"),
        (551, "reads and replaces every file of domain controllers"),
        (552, "replicates the domain"),
    ];
    let known = if sid.is_builtin() { &builtin[..] } else { &of_domain[..] };
    let by_number = known.iter().find(|(rid, _)| *rid == sid.rid()).map(|(_, why)| *why);
    by_number.or_else(|| name.eq_ignore_ascii_case("DnsAdmins").then_some("runs code on domain controllers"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sid(rid: u32) -> Vec<u8> {
        let parts = [21, 1, 2, 3, rid].map(u32::to_le_bytes).concat();
        [&[1, 5, 0, 0, 0, 0, 0, 5][..], &parts].concat()
    }

    fn schema() -> ActiveDirectorySchema {
        let scope = Scope::new("DC=corp,DC=example");
        ActiveDirectorySchema { scope, login: "tenure@corp.example".to_owned() }
    }

    #[test]
    fn what_an_entry_says_is_what_the_account_is() {
        const OURS: AccountKind = AccountKind::Ordinary;
        for (login, rid, control, status, powers, kind) in [
            ("alice", 1104, "512", Status::Enabled, 0, OURS),
            ("bob", 1105, "514", Status::Disabled, 0, OURS),
            ("svc-web", 1106, "524800", Status::Enabled, 1, OURS),
            ("svc-sql", 1107, "17302016", Status::Enabled, 2, OURS),
            ("Administrator", 500, "512", Status::Enabled, 0, AccountKind::BuiltIn),
            ("krbtgt", 502, "514", Status::Disabled, 0, AccountKind::BuiltIn),
            ("tenure", 1108, "512", Status::Enabled, 0, AccountKind::BuiltIn),
            ("negative", 1109, "-2147483136", Status::Enabled, 0, OURS),
        ] {
            let entry = Entry::of(
                &format!("CN={login},CN=Users,DC=corp,DC=example"),
                &[
                    ("objectGUID", &[7; 16]),
                    ("objectSid", &sid(rid)),
                    ("sAMAccountName", login.as_bytes()),
                    ("userAccountControl", control.as_bytes()),
                    ("primaryGroupID", b"513"),
                ],
            );
            let found = schema().account(&entry).unwrap();
            let account = found.object;
            assert_eq!((account.status, account.privileged.len(), account.kind), (status, powers, kind), "{login}");
            assert_eq!(found.implied, ["S-1-5-21-1-2-3-513"]);
        }
        assert!(schema().account(&Entry::of("CN=x", &[("sAMAccountName", b"x")])).is_none());
    }

    #[test]
    fn an_account_that_names_no_groups_or_a_part_of_them_does_not_say_what_it_is_in() {
        let found = |attribute: &str, names: &[&str]| {
            let dn = "CN=alice,CN=Users,DC=corp,DC=example";
            let sid = sid(1104);
            let mut attributes: Vec<(&str, &[u8])> = vec![
                ("objectGUID", &[7; 16][..]),
                ("objectSid", &sid[..]),
                ("sAMAccountName", &b"alice"[..]),
                ("userAccountControl", &b"512"[..]),
                ("primaryGroupID", &b"513"[..]),
            ];
            attributes.extend(names.iter().map(|name| (attribute, name.as_bytes())));
            let entry = Entry::of(dn, &attributes);
            Found { account: schema().account(&entry).unwrap().object, entry }
        };
        let named = |attribute, names| schema().groups_named_by(&found(attribute, names));
        let (searches, count) = named("memberOf", &["CN=Ops (night),DC=x", "CN=Staff,DC=x"]).unwrap();
        assert_eq!((searches.len(), count), (1, 3));
        let filter = &searches[0].filter;
        assert!(filter.contains("(distinguishedName=CN=Ops \\28night\\29,DC=x)"), "{filter}");
        assert!(named("memberOf", &[]).is_none());
        assert!(named("memberOf;range=0-1499", &["CN=Staff,DC=x"]).is_none());
    }

    #[test]
    fn the_groups_that_rule_a_domain_say_why() {
        for (rid, name, rules) in [
            (512, "Domänen-Admins", true),
            (513, "Domain Users", false),
            (1201, "DnsAdmins", true),
            (1202, "Ops", false),
        ] {
            let entry = Entry::of(
                "CN=x",
                &[("objectGUID", &[7; 16]), ("objectSid", &sid(rid)), ("sAMAccountName", name.as_bytes())],
            );
            let group = schema().entitlement(&entry).unwrap().object;
            assert_eq!(group.privileged.is_some(), rules, "{name}");
        }
    }

    #[test]
    fn a_member_is_known_by_its_guid_whatever_its_name_holds() {
        let name = "<GUID=03020100-0504-0706-0809-0A0B0C0D0E0F>;<SID=S-1-5-21-1>;CN=a\\>b,DC=x";
        assert_eq!(named_guid(name).as_deref(), Some("03020100-0504-0706-0809-0a0b0c0d0e0f"));
        assert_eq!(named_guid("CN=<GUID=x>,DC=x"), None);
    }
}
