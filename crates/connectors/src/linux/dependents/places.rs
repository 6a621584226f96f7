//! What kind of file a secret stands in, and which systemd unit reads it. Pure.

use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    SystemdUnit,
    /// A file that a unit names in `EnvironmentFile=`.
    EnvironmentFile,
    CronTab,
    /// An address with a password, `postgres://…`.
    ConnectionString,
    /// A value in a file of any other form.
    Setting,
}

/// The kinds of unit that run something (systemd.unit(5)).
const UNIT_KINDS: [&str; 5] = [".service", ".socket", ".timer", ".mount", ".path"];

pub(super) struct Places {
    readers: BTreeMap<String, String>,
}

impl Places {
    /// `readers`: for each file with an environment, the unit that reads it.
    pub(super) fn new(readers: BTreeMap<String, String>) -> Self {
        Self { readers }
    }

    pub(super) fn environment_files(&self) -> impl Iterator<Item = &str> {
        self.readers.keys().map(String::as_str)
    }

    pub(super) fn of(&self, file: &str, line: &str) -> (Place, Option<String>) {
        if let Some(unit) = self.readers.get(file) {
            return (Place::EnvironmentFile, Some(unit.clone()));
        }
        if let Some(unit) = unit_of(file) {
            return (Place::SystemdUnit, Some(unit));
        }
        let cron = ["/etc/cron", "/var/spool/cron/"].iter().any(|start| file.starts_with(start));
        let place = match (cron, line.contains("://")) {
            (true, _) => Place::CronTab,
            (false, true) => Place::ConnectionString,
            (false, false) => Place::Setting,
        };
        (place, None)
    }
}

/// `/etc/systemd/system/app.service`, or a drop-in in `app.service.d`.
fn unit_of(file: &str) -> Option<String> {
    if !file.contains("/systemd/") {
        return None;
    }
    let names = file.rsplit('/').map(|part| part.strip_suffix(".d").unwrap_or(part));
    names.take(2).find(|name| UNIT_KINDS.iter().any(|kind| name.ends_with(kind))).map(str::to_owned)
}

/// Reads `grep -HZ` of settings `EnvironmentFile=`: a unit's file, a NUL, the line.
pub(super) fn environment_files(text: &str) -> BTreeMap<String, String> {
    let reader = |line: &str| {
        let (file, setting) = line.split_once('\0')?;
        let (_, path) = setting.split_once('=')?;
        let path = path.trim().trim_start_matches('-').trim_matches(['"', '\'']);
        let plain = path.starts_with('/') && !path.contains(['*', '?', '[', '%']);
        plain.then_some((path.to_owned(), unit_of(file)?))
    };
    text.lines().filter_map(reader).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_where_it_is_and_by_who_reads_it() {
        let settings = "/etc/systemd/system/app.service\0EnvironmentFile=-/etc/default/app\n\
            /lib/systemd/system/db.service.d/x.conf\0 EnvironmentFile = \"/etc/db env\"\n\
            /etc/systemd/system/odd.service\0EnvironmentFile=/etc/%i/*\nnonsense\n";
        let places = Places::new(environment_files(settings));
        assert_eq!(places.environment_files().collect::<Vec<_>>(), ["/etc/db env", "/etc/default/app"]);
        for (file, line, place, unit) in [
            ("/etc/default/app", "PW=x", Place::EnvironmentFile, Some("app.service")),
            ("/etc/db env", "U=postgres://x", Place::EnvironmentFile, Some("db.service")),
            ("/etc/systemd/system/app.service", "x", Place::SystemdUnit, Some("app.service")),
            ("/etc/systemd/system/app.service.d/10.conf", "x", Place::SystemdUnit, Some("app.service")),
            ("/etc/cron.d/backup", "postgres://x", Place::CronTab, None),
            ("/var/spool/cron/crontabs/ann", "x", Place::CronTab, None),
            ("/srv/app/.env", "U=postgres://x", Place::ConnectionString, None),
            ("/srv/app/config.json", "x", Place::Setting, None),
            ("/srv/app.service", "x", Place::Setting, None),
        ] {
            assert_eq!(places.of(file, line), (place, unit.map(str::to_owned)), "{file}");
        }
    }
}
