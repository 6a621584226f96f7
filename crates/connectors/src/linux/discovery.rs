//! Asks a host's own tools who is privileged there and puts the answers together.
//! Reads only. What cannot be read becomes a gap in the answer, never a silent omission.

mod keys;

use super::as_root::{AsRoot, unexpected};
use super::passwd::{GroupEntry, PasswdEntry};
use super::{Discovery, FoundAccount, HostSession, Output, PasswordState, Privilege};
use super::{last_login, passwd, sudo};
use crate::ConnectorError;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use types::Timestamp;

/// Groups whose members can make themselves root without sudo.
const ROOT_EQUIVALENT_GROUPS: [(&str, &str); 7] = [
    ("disk", "reads and writes every disk"),
    ("docker", "starts containers as root"),
    ("incus-admin", "starts containers as root"),
    ("kmem", "reads the memory of the kernel"),
    ("libvirt", "starts virtual machines with any disk of the host"),
    ("lxd", "starts containers as root"),
    ("shadow", "reads the password hashes"),
];

const SUDO_RULES: &[&str] = &["cvtsudoers", "-f", "json", "/etc/sudoers"];
const USERS: &[&str] = &["getent", "passwd"];
const PASSWORD_STATES: &[&str] = &["passwd", "-S", "-a"];
const EXPIRIES: &[&str] = &["cut", "-d:", "-f1,8", "/etc/shadow"];
const LAST_LOGINS: &[&str] = &["lastlog"];
const ALWAYS_ASKED: [&[&str]; 5] = [SUDO_RULES, USERS, PASSWORD_STATES, EXPIRIES, LAST_LOGINS];

pub(super) const NOT_INSTALLED: u32 = 127;
/// `getent`: one or more of the keys were not found.
const SOME_NOT_FOUND: u32 = 2;

/// Finds every account that is privileged, can be logged in to or holds a key. `now` decides which are expired.
/// The session's login is root or may use `sudo -n` for everything.
///
/// # Errors
/// The session's own errors, and `Unexpected` when the host lists no account at all.
pub async fn discover(session: &HostSession, now: Timestamp) -> Result<Discovery, ConnectorError> {
    look(session, now, None).await.map(|looked| looked.found)
}

/// What discovery found, and what it could not ask: what is not in the answer may be there all the same.
pub(super) struct Looked {
    pub(super) found: Discovery,
    /// The first thing that concerns the whole host.
    pub(super) failed: Option<String>,
    /// Logins that may have other keys too, and why.
    pub(super) unsure: BTreeMap<String, String>,
}

/// The same of all accounts or of one.
pub(super) async fn look(session: &HostSession, now: Timestamp, only: Option<&str>) -> Result<Looked, ConnectorError> {
    let root = AsRoot::on(session).await?;
    let mut host = Host { root, gaps: Vec::new(), failed: None, unsure: BTreeMap::new(), said: HashMap::new() };
    host.ask_ahead(ALWAYS_ASKED.map(<[&str]>::to_vec).to_vec()).await?;
    let sudo_rules = host.sudo_rules().await?;
    let groups = host.root_equivalent_groups().await?;
    let mut entries = host.entries(sudo_rules.as_deref(), &groups).await?;
    entries.retain(|entry| only.is_none_or(|only| entry.login == only));
    let states = host.password_states().await?;
    let expiries = host.expiries().await?;
    let logins = host.last_logins().await?;
    let mut keys = host.keys(&entries).await?;
    host.ask_ahead(entries.iter().map(|entry| sudo_rights(&entry.login)).collect()).await?;
    let mut accounts = Vec::new();
    for entry in entries {
        let mut privileges = Vec::new();
        if entry.uid == 0 {
            privileges.push(Privilege::Uid0);
        }
        privileges.extend(host.sudo(&entry.login).await?);
        privileges.extend(group_privileges(&entry, &groups));
        let expires = expiries.get(&entry.login).copied();
        let account = FoundAccount {
            uid: entry.uid,
            login_possible: passwd::shell_opens(&entry.shell) && expires.is_none_or(|expiry| now < expiry),
            password: states.get(&entry.login).copied().unwrap_or(PasswordState::Unknown),
            expires,
            privileges,
            keys: keys.remove(&entry.login).unwrap_or_default(),
            last_login: logins.get(&entry.login).copied(),
            shell: entry.shell,
            login: entry.login,
        };
        if account.login_possible || account.privileged() || !account.keys.is_empty() {
            accounts.push(account);
        }
    }
    let found = Discovery { accounts, sudo_rules, gaps: host.gaps };
    Ok(Looked { found, failed: host.failed, unsure: host.unsure })
}

/// Why members of a group are root without sudo, where they are.
pub(super) fn why_root(group: &str) -> Option<&'static str> {
    ROOT_EQUIVALENT_GROUPS.iter().find(|(name, _)| *name == group).map(|(_, why)| *why)
}

fn group_privileges(entry: &PasswdEntry, groups: &[GroupEntry]) -> Vec<Privilege> {
    let belongs = |group: &&GroupEntry| group.gid == entry.gid || group.members.contains(&entry.login);
    let privilege = |group: &GroupEntry| {
        let why = why_root(&group.name)?;
        Some(Privilege::Group { name: group.name.clone(), why: why.to_owned() })
    };
    groups.iter().filter(belongs).filter_map(privilege).collect()
}

fn sudo_rights(login: &str) -> Vec<&str> {
    vec!["sudo", "-n", "-ll", "-U", login]
}

/// One host while it is being asked.
struct Host<'a> {
    root: AsRoot<'a>,
    gaps: Vec<String>,
    failed: Option<String>,
    unsure: BTreeMap<String, String>,
    /// What was asked ahead.
    said: HashMap<Vec<String>, Output>,
}

impl Host<'_> {
    /// Asks in few round trips what is going to be asked. What does not succeed is asked again alone, for what it says then.
    async fn ask_ahead(&mut self, programs: Vec<Vec<&str>>) -> Result<(), ConnectorError> {
        for (argv, answer) in programs.iter().zip(self.root.run_each(&programs).await?) {
            if let Some(answer) = answer.filter(|answer| [0, NOT_INSTALLED].contains(&answer.status)) {
                self.said.insert(argv.iter().map(|word| (*word).to_owned()).collect(), answer);
            }
        }
        Ok(())
    }

    async fn run(&self, argv: &[&str]) -> Result<Output, ConnectorError> {
        let asked: Vec<String> = argv.iter().map(|word| (*word).to_owned()).collect();
        match self.said.get(&asked) {
            Some(answer) => Ok(answer.clone()),
            None => self.root.run(argv, None).await,
        }
    }

    /// What a program printed, which has to succeed.
    async fn output(&self, argv: &[&str]) -> Result<String, ConnectorError> {
        let output = self.run(argv).await?;
        if output.status == 0 { Ok(output.stdout_text()) } else { Err(unexpected(argv, &output)) }
    }

    /// What a program printed, or a gap.
    async fn output_or_gap(&mut self, argv: &[&str]) -> Result<Option<String>, ConnectorError> {
        match self.output(argv).await {
            Ok(text) => Ok(Some(text)),
            Err(error @ (ConnectorError::Unexpected { .. } | ConnectorError::TooMuchOutput { .. })) => {
                self.note_failure(error.to_string());
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Many accounts may share one.
    fn note_gap(&mut self, gap: String) {
        if !self.gaps.contains(&gap) {
            self.gaps.push(gap);
        }
    }

    /// A gap that is not always there.
    fn note_failure(&mut self, gap: String) {
        self.failed.get_or_insert_with(|| gap.clone());
        self.note_gap(gap);
    }

    /// A gap that concerns the keys of one login.
    fn note_unsure(&mut self, login: &str, why: &str) {
        let gap = format!("keys of `{login}` are not all known: {why}");
        self.unsure.entry(login.to_owned()).or_insert_with(|| gap.clone());
        self.note_gap(gap);
    }

    /// Entries of a database for the names that it knows.
    async fn getent<'n>(
        &self,
        database: &'n str,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Result<String, ConnectorError> {
        let mut argv = vec!["getent", database, "--"];
        argv.extend(names);
        if argv.len() == 3 {
            return Ok(String::new());
        }
        let output = self.run(&argv).await?;
        match output.status {
            0 | SOME_NOT_FOUND => Ok(output.stdout_text()),
            _ => Err(unexpected(&argv, &output)),
        }
    }

    async fn sudo_rules(&mut self) -> Result<Option<String>, ConnectorError> {
        let output = self.run(SUDO_RULES).await?;
        match output.status {
            0 => Ok(Some(output.stdout_text())),
            NOT_INSTALLED => Ok(None),
            _ => {
                self.note_gap(unexpected(SUDO_RULES, &output).to_string());
                Ok(None)
            }
        }
    }

    async fn root_equivalent_groups(&self) -> Result<Vec<GroupEntry>, ConnectorError> {
        let text = self.getent("group", ROOT_EQUIVALENT_GROUPS.iter().map(|(name, _)| *name)).await?;
        Ok(passwd::group_entries(&text))
    }

    /// Every account the host lists, and those that rules and groups name although a directory does not list them.
    async fn entries(
        &self,
        sudo_rules: Option<&str>,
        groups: &[GroupEntry],
    ) -> Result<Vec<PasswdEntry>, ConnectorError> {
        let mut entries = passwd::passwd_entries(&self.output(USERS).await?);
        let named = sudo::named_in_rules(sudo_rules.unwrap_or_default());
        let in_rules = passwd::group_entries(&self.getent("group", named.groups.iter().map(String::as_str)).await?);
        let members = groups.iter().chain(&in_rules).flat_map(|group| group.members.iter().cloned());
        let mut unlisted: BTreeSet<String> = named.users.iter().cloned().chain(members).collect();
        for entry in &entries {
            unlisted.remove(&entry.login);
        }
        entries.extend(passwd::passwd_entries(&self.getent("passwd", unlisted.iter().map(String::as_str)).await?));
        let mut seen = HashSet::new();
        entries.retain(|entry| seen.insert(entry.login.clone()));
        if entries.is_empty() {
            let detail = "it lists no account".to_owned();
            return Err(ConnectorError::Unexpected { command: USERS.join(" "), detail });
        }
        Ok(entries)
    }

    async fn password_states(&mut self) -> Result<HashMap<String, PasswordState>, ConnectorError> {
        let text = self.output_or_gap(PASSWORD_STATES).await?;
        Ok(passwd::password_states(&text.unwrap_or_default()))
    }

    async fn expiries(&mut self) -> Result<HashMap<String, Timestamp>, ConnectorError> {
        let text = self.output_or_gap(EXPIRIES).await?;
        Ok(passwd::expiry_days(&text.unwrap_or_default()))
    }

    async fn last_logins(&mut self) -> Result<HashMap<String, Timestamp>, ConnectorError> {
        for program in [LAST_LOGINS, &["lastlog2"]] {
            let output = self.run(program).await?;
            if output.status == 0 {
                return Ok(last_login::from_lastlog(&output.stdout_text()));
            }
        }
        let text = self.output_or_gap(&["last", "-w", "--time-format", "iso"]).await?;
        Ok(last_login::from_last(&text.unwrap_or_default()))
    }

    async fn sudo(&mut self, login: &str) -> Result<Vec<Privilege>, ConnectorError> {
        let argv = sudo_rights(login);
        let output = self.run(&argv).await?;
        if output.status == NOT_INSTALLED {
            return Ok(Vec::new());
        }
        match sudo::rules(&output.stdout_text()) {
            Some(rules) => Ok(rules.into_iter().map(Privilege::Sudo).collect()),
            None => {
                self.note_failure(format!("sudo rights of `{login}` are unknown: {}", unexpected(&argv, &output)));
                Ok(Vec::new())
            }
        }
    }
}
