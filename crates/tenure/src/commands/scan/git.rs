//! Every file that a git repository ever held, from all branches, tags and other references. Runs `git` itself, with
//! fixed arguments and without a shell: nothing of the repository is run, fetched or changed.

use super::Reading;
use super::folder::LARGEST;
use crate::exit::{Exit, Failed};
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

/// Digits of a commit that are told.
const SHOWN: usize = 12;

/// An object with the newest commit that holds it.
struct Object {
    id: String,
    place: String,
}

pub(super) fn read(repository: &Path, reading: &mut Reading<'_>) -> Result<(), Failed> {
    let objects = objects(repository)?;
    let blobs = blobs(repository, &objects, reading)?;
    reading.bar.inc_length(blobs.len() as u64);
    contents(repository, &blobs, reading)
}

fn git(repository: &Path) -> Command {
    let mut git = Command::new("git");
    git.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for name in ["PATH", "HOME"] {
        if let Some(value) = std::env::var_os(name) {
            git.env(name, value);
        }
    }
    // Nothing is fetched, no object stands for another, and messages are in English.
    git.env("GIT_NO_LAZY_FETCH", "1").env("GIT_NO_REPLACE_OBJECTS", "1").env("GIT_TERMINAL_PROMPT", "0");
    git.env("GIT_ALLOW_PROTOCOL", "").env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    git.arg("-C").arg(repository).args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]);
    git
}

/// All that can be reached, each once: trees and tags as well as files.
fn objects(repository: &Path) -> Result<Vec<Object>, Failed> {
    let mut list = git(repository);
    list.args(["rev-list", "--objects", "--in-commit-order", "--all"]);
    let done = list.output().map_err(|error| not_run(&error))?;
    if !done.status.success() {
        return Err(failed(&done.stderr));
    }
    let (mut objects, mut seen, mut commit) = (Vec::new(), HashSet::new(), String::new());
    for line in done.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let line = String::from_utf8_lossy(line);
        match line.split_once(' ') {
            None => commit = line.chars().take(SHOWN).collect(),
            Some((id, path)) if seen.insert(id.to_owned()) => {
                objects.push(Object { id: id.to_owned(), place: format!("{commit}:{path}") });
            }
            Some(_) => {}
        }
    }
    Ok(objects)
}

/// Those that are files and not too large.
fn blobs<'a>(repository: &Path, objects: &'a [Object], reading: &mut Reading<'_>) -> Result<Vec<&'a Object>, Failed> {
    let mut check = git(repository);
    check.args(["cat-file", "--batch-check=%(objecttype) %(objectsize)", "--buffer"]);
    let mut blobs = Vec::new();
    ask(check, objects.iter(), |object, answer| {
        let mut line = String::new();
        answer.read_line(&mut line).map_err(|error| not_run(&error))?;
        match line.trim_end().split_once(' ') {
            Some(("blob", size)) if size.parse().is_ok_and(|size: u64| size <= LARGEST) => blobs.push(object),
            Some(("tree" | "tag" | "commit", _)) => {}
            _ => {
                reading.bar.inc_length(1);
                reading.skip();
            }
        }
        Ok(())
    })?;
    Ok(blobs)
}

fn contents(repository: &Path, blobs: &[&Object], reading: &mut Reading<'_>) -> Result<(), Failed> {
    let mut batch = git(repository);
    batch.args(["cat-file", "--batch=%(objectsize)", "--buffer"]);
    ask(batch, blobs.iter().copied(), |object, answer| {
        let mut line = String::new();
        answer.read_line(&mut line).map_err(|error| not_run(&error))?;
        let Ok(size) = line.trim_end().parse::<u64>() else {
            reading.skip();
            return Ok(());
        };
        let mut content = Vec::new();
        (&mut *answer).take(size).read_to_end(&mut content).map_err(|error| not_run(&error))?;
        let mut end = [0];
        answer.read_exact(&mut end).map_err(|error| not_run(&error))?;
        reading.file(object.place.clone(), content);
        Ok(())
    })
}

/// Names the objects to a child while its answers, one for each in order, are read.
fn ask<'a>(
    mut command: Command,
    objects: impl Iterator<Item = &'a Object> + Clone + Send,
    mut each: impl FnMut(&'a Object, &mut dyn BufRead) -> Result<(), Failed>,
) -> Result<(), Failed> {
    let child = command.stdin(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(|error| not_run(&error))?;
    let mut child = Ends(child);
    let (Some(input), Some(output)) = (child.0.stdin.take(), child.0.stdout.take()) else {
        return Err(Failed::new(Exit::No, "git cannot be talked to"));
    };
    std::thread::scope(|scope| {
        let names = objects.clone();
        scope.spawn(move || name(input, names));
        let mut answer = BufReader::with_capacity(1 << 20, output);
        let read = objects.into_iter().try_for_each(|object| each(object, &mut answer));
        // Where reading stopped early, whoever still names objects learns it by this.
        drop(answer);
        read
    })
}

/// A child that dies early is noticed by its missing answers.
fn name<'a>(input: ChildStdin, objects: impl Iterator<Item = &'a Object>) {
    let mut input = std::io::BufWriter::new(input);
    for object in objects {
        if writeln!(input, "{}", object.id).is_err() {
            return;
        }
    }
    let _ = input.flush();
}

/// A child that does not outlive its reader.
struct Ends(Child);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn not_run(error: &std::io::Error) -> Failed {
    Failed::new(Exit::No, format!("git cannot be run: {error}"))
}

fn failed(said: &[u8]) -> Failed {
    let said = String::from_utf8_lossy(said);
    let line = said.lines().next().unwrap_or("it does not say why");
    Failed::new(Exit::No, format!("git cannot read the repository: {}", crate::output::plain(line)))
}
