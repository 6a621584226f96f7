//! Which keys let each login in: where sshd looks for them, and what stands there. Files are looked at with the login's own
//! rights, as sshd does. What hinders one login says nothing of the others, and nothing of the keys that it has.

use super::{Host, NOT_INSTALLED};
use crate::ConnectorError;
use crate::error::one_line;
use crate::linux::as_root::{AsRoot, unexpected};
use crate::linux::key_files::{Content, FIND, Found, MAX_BYTES, READ, is_killed};
use crate::linux::keys::{KeySources, is_same_for_all, key_file, key_path, key_sources};
use crate::linux::passwd::PasswdEntry;
use crate::linux::{FoundKey, Output};
use std::collections::HashMap;

/// A login, its number, and where its keys may be.
struct Places {
    login: String,
    uid: String,
    paths: Vec<String>,
}

impl Host<'_> {
    pub(super) async fn keys(
        &mut self,
        entries: &[PasswdEntry],
    ) -> Result<HashMap<String, Vec<FoundKey>>, ConnectorError> {
        let mut places = Vec::new();
        for (entry, sources) in entries.iter().zip(self.all_key_sources(entries).await?) {
            let paths = sources.files.iter().map(|file| key_path(file, &entry.login, entry.uid, &entry.home));
            // A home that is no path could otherwise pass for an option of `find`.
            let paths: Vec<String> = paths.filter(|path| path.starts_with('/')).collect();
            if !paths.is_empty() {
                places.push(Places { login: entry.login.clone(), uid: entry.uid.to_string(), paths });
            }
        }
        let files = self.present(&places).await?;
        let limit = MAX_BYTES.to_string();
        let read = |(login, path): &(&'_ str, String)| {
            AsRoot::with_rights_of(login, &["/bin/sh", "-c", READ, "sh", &limit, path])
        };
        let programs: Vec<Vec<String>> = files.iter().map(read).collect();
        let contents = self.each(&programs, Content::read).await?;
        let mut keys: HashMap<String, Vec<FoundKey>> = HashMap::new();
        for ((login, path), content) in files.into_iter().zip(contents) {
            match content.and_then(Content::whole) {
                Ok(text) => {
                    let file = key_file(&path, &text);
                    for line in file.unreadable {
                        self.note_gap(format!("`{path}` line {line} is not a key and is skipped, as sshd does"));
                    }
                    keys.entry(login.to_owned()).or_default().extend(file.keys);
                }
                Err(why) => self.note_unsure(login, &format!("`{path}`: {why}")),
            }
        }
        Ok(keys)
    }

    /// Those of the paths that are plain files now. One that its login cannot reach sshd cannot reach either; where it is the
    /// login's own, that may not last.
    async fn present<'p>(&mut self, places: &'p [Places]) -> Result<Vec<(&'p str, String)>, ConnectorError> {
        let find = |of: &str, paths: &[String]| -> Vec<String> {
            let fixed = ["/bin/sh", "-c", FIND, "sh", of];
            fixed.into_iter().map(str::to_owned).chain(paths.iter().cloned()).collect()
        };
        let ask = |place: &Places| {
            let program = find("", &place.paths);
            AsRoot::with_rights_of(&place.login, &program.iter().map(String::as_str).collect::<Vec<_>>())
        };
        let programs: Vec<Vec<String>> = places.iter().map(ask).collect();
        let (mut files, mut hidden) = (Vec::new(), Vec::new());
        for (place, found) in places.iter().zip(self.each(&programs, Found::read).await?) {
            match found {
                Ok(found) => {
                    if let Some(why) = &found.odd {
                        self.note_unsure(&place.login, why);
                    }
                    if found.is_denied {
                        hidden.push(place);
                    }
                    let asked = found.there.into_iter().filter(|path| place.paths.contains(path));
                    files.extend(asked.map(|path| (place.login.as_str(), path)));
                }
                Err(why) => self.note_unsure(&place.login, &why),
            }
        }
        let programs: Vec<Vec<String>> =
            hidden.iter().map(|place| AsRoot::in_time(&find(&place.uid, &place.paths))).collect();
        for (place, found) in hidden.iter().zip(self.each(&programs, Found::read).await?) {
            let is_out_of_reach =
                |path: &&String| !files.iter().any(|(login, file)| *login == place.login && file == *path);
            match found {
                Ok(Found { odd: Some(why), .. }) | Err(why) => self.note_unsure(&place.login, &why),
                Ok(Found { is_denied: true, .. }) => self.note_unsure(&place.login, "root may not look there"),
                Ok(found) => {
                    if let Some(path) = found.there.iter().find(is_out_of_reach) {
                        self.note_unsure(&place.login, &format!("`{path}` is its own, and it cannot reach it"));
                    }
                }
            }
        }
        Ok(files)
    }

    /// What each program printed, or why that is not known.
    async fn each<T>(
        &self,
        programs: &[Vec<String>],
        read: fn(&str) -> Option<T>,
    ) -> Result<Vec<Result<T, String>>, ConnectorError> {
        let words: Vec<Vec<&str>> = programs.iter().map(|argv| argv.iter().map(String::as_str).collect()).collect();
        let mut all = Vec::with_capacity(words.len());
        for (argv, answer) in words.iter().zip(self.root.run_each(&words).await?) {
            let printed = answer.as_ref().and_then(|answer| read(&answer.stdout_text()));
            all.push(match (printed, answer) {
                (Some(printed), _) => Ok(printed),
                (None, Some(answer)) if is_killed(&answer) => Err(why(&answer)),
                // For what it says then.
                _ => self.alone(argv, read).await?,
            });
        }
        Ok(all)
    }

    async fn alone<T>(&self, argv: &[&str], read: fn(&str) -> Option<T>) -> Result<Result<T, String>, ConnectorError> {
        match self.root.run(argv, None).await {
            Ok(output) => Ok(read(&output.stdout_text()).ok_or_else(|| why(&output))),
            Err(
                error @ (ConnectorError::Timeout { .. }
                | ConnectorError::TooMuchOutput { .. }
                | ConnectorError::Unexpected { .. }),
            ) => Ok(Err(one_line(&error.to_string()))),
            Err(error) => Err(error),
        }
    }

    /// Where sshd looks for the keys of each login: asked for each of them where it says that this is not the same for all.
    async fn all_key_sources(&mut self, entries: &[PasswdEntry]) -> Result<Vec<KeySources>, ConnectorError> {
        let connections: Vec<String> = entries.iter().map(|entry| connection(&entry.login)).collect();
        let Some(first) = connections.first() else { return Ok(Vec::new()) };
        let talkative = self.run(&[&["sshd", "-ddd"][..], &key_settings(first)[1..]].concat()).await?;
        if is_same_for_all(&talkative.stderr_text()) {
            let sources = self.key_sources(first).await?.unwrap_or_else(|why| {
                self.note_failure(why);
                KeySources::default()
            });
            return Ok(vec![sources; entries.len()]);
        }
        self.ask_ahead(connections.iter().map(|connection| key_settings(connection)).collect()).await?;
        let mut all = Vec::with_capacity(connections.len());
        for connection in &connections {
            all.push(self.key_sources(connection).await?);
        }
        let says_nothing = all.iter().all(Result::is_err);
        let mut sources = Vec::with_capacity(all.len());
        for (entry, answer) in entries.iter().zip(all) {
            sources.push(answer.unwrap_or_else(|why| {
                if says_nothing {
                    self.note_failure(why)
                } else {
                    self.note_unsure(&entry.login, &why)
                }
                KeySources::default()
            }));
        }
        Ok(sources)
    }

    /// Where sshd looks for the keys of who makes a connection, its `Match` blocks included; or why it does not say.
    async fn key_sources(&mut self, connection: &str) -> Result<Result<KeySources, String>, ConnectorError> {
        let argv = key_settings(connection);
        let output = self.run(&argv).await?;
        let sources = match key_sources(&output.stdout_text()) {
            Some(sources) => sources,
            None if output.status == NOT_INSTALLED => {
                self.note_gap("there is no sshd: key files are looked for at their usual places only".to_owned());
                KeySources::default()
            }
            None => {
                let failure = unexpected(&argv[..2], &output);
                return Ok(Err(format!("where keys are is not known: {failure}")));
            }
        };
        if let Some(command) = &sources.command {
            self.note_gap(format!("keys that `{command}` prints for sshd are not read"));
        }
        Ok(Ok(sources))
    }
}

fn connection(login: &str) -> String {
    format!("user={login},host=localhost,addr=127.0.0.1")
}

fn key_settings(connection: &str) -> Vec<&str> {
    vec!["sshd", "-T", "-C", connection]
}

fn why(output: &Output) -> String {
    if is_killed(output) {
        return "it took too long to look".to_owned();
    }
    let said = if output.stderr.is_empty() { output.stdout_text() } else { output.stderr_text() };
    format!("status {}, {}", output.status, one_line(&said))
}
