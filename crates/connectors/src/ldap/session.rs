//! One bound connection: over TLS, or to a loopback address. Tells what the directory meant by its result codes
//! (RFC 4511, appendix A) and knows no kind of directory.

use super::dn::check;
use super::entry::Entry;
use crate::account::{authorities, cut};
use crate::error::one_line;
use crate::within::{CONNECT_SECONDS, within};
use crate::{ConnectorError, Server, Tls};
use ldap3::controls::{ControlType, MakeCritical, PagedResults, RawControl};
use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapError, LdapResult, Mod, Scope};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use types::Secret;

/// For one operation.
const OPERATION: Duration = Duration::from_secs(30);
/// For one page of a search with all its entries.
const PAGE_SECONDS: u64 = 120;
/// Entries of one page.
const PAGE: i32 = 500;
/// Where TLS begins at once (LDAPS); on every other port it begins with StartTLS (RFC 4511, 4.14).
const LDAPS_PORT: u16 = 636;

/// Operations over clones run beside each other on the same connection.
#[derive(Clone)]
pub(crate) struct Session {
    ldap: Ldap,
    address: String,
    login: String,
    /// Whether an operation was left without its answer: nobody knows what the connection is good for.
    is_spent: Arc<AtomicBool>,
}

/// What to look for.
#[derive(Debug, Clone)]
pub(crate) struct Search {
    pub(crate) base: String,
    pub(crate) scope: Scope,
    pub(crate) filter: String,
    pub(crate) attributes: Vec<String>,
    pub(crate) controls: Vec<RawControl>,
}

/// How the directory answered a change.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: u32,
    text: String,
}

impl Session {
    /// # Errors
    /// Those of [`try_open`](Self::try_open), and `LogInRefused`.
    pub(crate) async fn open(server: &Server, name: &str, password: &Secret<String>) -> Result<Self, ConnectorError> {
        let refused = || ConnectorError::LogInRefused { address: server.address(), login: cut(name) };
        Self::try_open(server, name, password).await?.ok_or_else(refused)
    }

    /// `None`: the directory judged the password and refused it.
    ///
    /// # Errors
    /// `BadServer`, `BadName`, `Unreachable`, `Busy`, `Timeout`, `Untrusted`, `Unexpected`.
    pub(crate) async fn try_open(
        server: &Server,
        name: &str,
        password: &Secret<String>,
    ) -> Result<Option<Self>, ConnectorError> {
        check(name)?;
        let (settings, url) = settings(server)?;
        if password.expose().is_empty() {
            return Ok(None);
        }
        let address = server.address();
        let what = || format!("logging in to `{address}`");
        within(CONNECT_SECONDS, what, async {
            let opened = LdapConnAsync::with_settings(settings, &url).await;
            let (connection, mut ldap) = opened.map_err(|error| lost(error, &address))?;
            tokio::spawn(async move {
                // How the connection ends is told to whoever asks over it.
                let _ = connection.drive().await;
            });
            let answer = ldap.simple_bind(name, password.expose()).await.map_err(|error| lost(error, &address))?;
            let is_spent = Arc::new(AtomicBool::new(false));
            let session = Self { ldap, address: address.clone(), login: name.to_owned(), is_spent };
            match answer.rc {
                0 => Ok(Some(session)),
                INVALID_CREDENTIALS => Ok(None),
                code => Err(session.explain("bind", code, &answer.text)),
            }
        })
        .await
    }

    /// Whether it can be used for one operation more, as far as can be seen from here.
    pub(crate) fn is_open(&mut self) -> bool {
        !self.is_spent.load(Ordering::Relaxed) && !self.ldap.is_closed()
    }

    /// The connection for one operation more, which ends in time.
    pub(crate) fn operation(&mut self) -> &mut Ldap {
        self.ldap.with_timeout(OPERATION)
    }

    /// One page, and what to ask the next with: nothing means that there is none. A look at one entry has no pages.
    /// References to other servers are left out.
    ///
    /// # Errors
    /// `Unreachable`, `Busy`, `Timeout`, `NotPermitted`, `BadName`, `BrokenListing`, `Unexpected`; `Rejected`: what to
    /// look below is not there.
    pub(crate) async fn page(
        &mut self,
        search: &Search,
        cookie: Vec<u8>,
    ) -> Result<(Vec<Entry>, Vec<u8>), ConnectorError> {
        let what = format!("a page of `{}`", self.address);
        let spent = Arc::clone(&self.is_spent);
        let page = within(PAGE_SECONDS, || what, self.whole_page(search, cookie)).await;
        spent.fetch_or(matches!(page, Err(ConnectorError::Timeout { .. })), Ordering::Relaxed);
        page
    }

    async fn whole_page(&mut self, search: &Search, cookie: Vec<u8>) -> Result<(Vec<Entry>, Vec<u8>), ConnectorError> {
        let is_paged = search.scope != Scope::Base;
        let mut controls = search.controls.clone();
        if is_paged {
            controls.push(PagedResults { size: PAGE, cookie }.critical().into());
        }
        let ldap = self.operation().with_controls(controls);
        let started = ldap.streaming_search(&search.base, search.scope, &search.filter, &search.attributes).await;
        let mut stream = started.map_err(|error| self.lost(error))?;
        let mut entries = Vec::new();
        while let Some(raw) = stream.next().await.map_err(|error| self.lost(error))? {
            if raw.is_ref() || raw.is_intermediate() {
                continue;
            }
            entries.push(Entry::read(raw).ok_or_else(|| self.broken("an entry cannot be read"))?);
            if entries.len() > PAGE as usize {
                return Err(self.broken("a page holds more than was asked for"));
            }
        }
        let result = stream.finish().await;
        match result.rc {
            0 if is_paged => {
                let next = cookie_of(&result).ok_or_else(|| self.broken("a page does not say whether more follow"))?;
                Ok((entries, next))
            }
            0 => Ok((entries, Vec::new())),
            SIZE_LIMIT => Err(self.broken("it lists only a part to this account: raise its size limit there")),
            NO_SUCH_OBJECT => Err(ConnectorError::Rejected {
                address: self.address.clone(),
                act: "the search",
                detail: format!("there is no entry `{}` to look below", cut(&search.base)),
            }),
            code => Err(self.explain("search", code, &result.text)),
        }
    }

    /// The first entry that fits; what is below an entry that is not there is nothing.
    pub(crate) async fn first(&mut self, search: &Search) -> Result<Option<Entry>, ConnectorError> {
        let mut cookie = Vec::new();
        loop {
            let (entries, next) = match self.page(search, cookie).await {
                Err(ConnectorError::Rejected { .. }) if search.scope == Scope::Base => return Ok(None),
                page => page?,
            };
            if let Some(entry) = entries.into_iter().next() {
                return Ok(Some(entry));
            }
            if next.is_empty() {
                return Ok(None);
            }
            cookie = next;
        }
    }

    /// # Errors
    /// `AnswerLost`, `Unreachable`, `Unexpected`: as for every change here, what the directory says is no error yet.
    pub(crate) async fn add(
        &mut self,
        act: &'static str,
        dn: &str,
        attributes: Vec<(Vec<u8>, HashSet<Vec<u8>>)>,
    ) -> Result<Answer, ConnectorError> {
        let answer = self.operation().add(dn, attributes).await;
        self.answer(act, answer)
    }

    pub(crate) async fn modify(
        &mut self,
        act: &'static str,
        dn: &str,
        changes: Vec<Mod<Vec<u8>>>,
    ) -> Result<Answer, ConnectorError> {
        let answer = self.operation().modify(dn, changes).await;
        self.answer(act, answer)
    }

    pub(crate) async fn rename(&mut self, act: &'static str, dn: &str, rdn: &str) -> Result<Answer, ConnectorError> {
        let answer = self.operation().modifydn(dn, rdn, true, None).await;
        self.answer(act, answer)
    }

    pub(crate) async fn delete(&mut self, act: &'static str, dn: &str) -> Result<Answer, ConnectorError> {
        let answer = self.operation().delete(dn).await;
        self.answer(act, answer)
    }

    fn answer(&self, act: &'static str, answer: Result<LdapResult, LdapError>) -> Result<Answer, ConnectorError> {
        match answer {
            Ok(result) => Ok(Answer { code: result.rc, text: result.text }),
            Err(error) => Err(self.lost_at(act, error)),
        }
    }

    /// What it means that the answer to a change did not come.
    fn lost_at(&self, act: &'static str, error: LdapError) -> ConnectorError {
        let never_sent = matches!(error, LdapError::OpSend { .. } | LdapError::AddNoValues);
        let lost = self.lost(error);
        if never_sent { lost } else { ConnectorError::AnswerLost { address: self.address.clone(), act } }
    }

    pub(crate) fn lost(&self, error: LdapError) -> ConnectorError {
        self.is_spent.store(true, Ordering::Relaxed);
        lost(error, &self.address)
    }

    pub(crate) fn broken(&self, detail: &str) -> ConnectorError {
        ConnectorError::BrokenListing { address: self.address.clone(), detail: detail.to_owned() }
    }

    /// What came without what every one of its kind has.
    pub(crate) fn nameless(&self, what: &str) -> ConnectorError {
        self.broken(&format!("{what} came without its id or its name: let the service account read them"))
    }

    pub(crate) fn busy(&self, detail: &str) -> ConnectorError {
        ConnectorError::Busy { address: self.address.clone(), detail: detail.to_owned() }
    }

    pub(crate) fn rejected(&self, act: &'static str, detail: impl Into<String>) -> ConnectorError {
        ConnectorError::Rejected { address: self.address.clone(), act, detail: detail.into() }
    }

    /// Turns the answer to a change into what it means where it means nothing special.
    ///
    /// # Errors
    /// `Busy`, `NotPermitted`, `BadName`, `Rejected`, `Unexpected`.
    pub(crate) fn accept(&self, act: &'static str, answer: &Answer) -> Result<(), ConnectorError> {
        match answer.code {
            0 => Ok(()),
            // What breaks the schema or a rule there, or names what is not there: it will never be taken.
            16 | 17 | 18 | 19 | 20 | 21 | 32 | 53 | 64 | 65 | 66 | 67 | 68 | 69 | 71 => {
                Err(self.rejected(act, format!("{} (result code {})", one_line(&answer.text), answer.code)))
            }
            code => Err(self.explain(act, code, &answer.text)),
        }
    }

    /// What a result code means, where it means nothing special.
    pub(crate) fn explain(&self, command: &str, code: u32, text: &str) -> ConnectorError {
        let detail = format!("{} (result code {code})", one_line(text));
        match code {
            // Administrative limit, busy, unavailable, time limit.
            3 | 11 | 51 | 52 => ConnectorError::Busy { address: self.address.clone(), detail },
            34 => ConnectorError::BadName { name: cut(&self.login), reason: "it is no distinguished name" },
            // Insufficient access rights; not without more authentication or confidentiality.
            8 | 13 | 50 => ConnectorError::NotPermitted { login: cut(&self.login), detail },
            _ => ConnectorError::Unexpected { command: command.to_owned(), detail },
        }
    }

    /// Ends the connection in an orderly way.
    pub(crate) async fn close(mut self) {
        // The directory may have gone first, which is what is wanted.
        let _ = tokio::time::timeout(OPERATION, self.ldap.unbind()).await;
    }
}

impl Answer {
    /// The directory's own words, in one line.
    pub(crate) fn words(&self) -> String {
        one_line(&self.text)
    }
}

const INVALID_CREDENTIALS: u32 = 49;
const SIZE_LIMIT: u32 = 4;
pub(crate) const NO_SUCH_ATTRIBUTE: u32 = 16;
pub(crate) const CONSTRAINT_VIOLATION: u32 = 19;
pub(crate) const VALUE_EXISTS: u32 = 20;
pub(crate) const NO_SUCH_OBJECT: u32 = 32;
pub(crate) const UNWILLING: u32 = 53;
pub(crate) const OBJECT_CLASS_VIOLATION: u32 = 65;
pub(crate) const ENTRY_EXISTS: u32 = 68;

/// A change that puts these values in the place of all others; none: it takes the attribute away.
pub(crate) fn replace(attribute: &str, values: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Mod<Vec<u8>> {
    Mod::Replace(attribute.as_bytes().to_vec(), values.into_iter().map(Into::into).collect())
}

pub(crate) fn plus(attribute: &str, value: &str) -> Mod<Vec<u8>> {
    Mod::Add(attribute.as_bytes().to_vec(), HashSet::from([value.as_bytes().to_vec()]))
}

pub(crate) fn minus(attribute: &str, value: &str) -> Mod<Vec<u8>> {
    Mod::Delete(attribute.as_bytes().to_vec(), HashSet::from([value.as_bytes().to_vec()]))
}

/// The cookie of a page's answer (RFC 2696); `None`: it has none that can be read.
fn cookie_of(result: &LdapResult) -> Option<Vec<u8>> {
    use ldap3::asn1::{PL, parse_tag};
    let paged = |control: &&ldap3::controls::Control| matches!(control.0, Some(ControlType::PagedResults));
    let value = result.ctrls.iter().find(paged)?.1.val.as_deref()?;
    let (_, sequence) = parse_tag(value).ok()?;
    let PL::C(parts) = sequence.payload else { return None };
    match parts.into_iter().nth(1)?.payload {
        PL::P(cookie) => Some(cookie),
        PL::C(_) => None,
    }
}

fn settings(server: &Server) -> Result<(LdapConnSettings, String), ConnectorError> {
    let host = server.host()?;
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let port = server.port;
    let plain = LdapConnSettings::new();
    let Tls::Required { ca_pem } = &server.tls else { return Ok((plain, format!("ldap://{host}:{port}"))) };
    let settings = match ca_pem {
        None => plain,
        Some(pem) => plain.set_config(trusting(pem, &server.address())?),
    };
    Ok(match port {
        LDAPS_PORT => (settings, format!("ldaps://{host}:{port}")),
        _ => (settings.set_starttls(true), format!("ldap://{host}:{port}")),
    })
}

fn trusting(pem: &str, address: &str) -> Result<Arc<rustls::ClientConfig>, ConnectorError> {
    let untrusted = |detail: String| ConnectorError::Untrusted { address: address.to_owned(), detail };
    let roots = authorities(pem).map_err(|error| untrusted(one_line(&error)))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| untrusted(one_line(&error.to_string())))?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

fn lost(error: LdapError, address: &str) -> ConnectorError {
    let (address, detail) = (address.to_owned(), one_line(&error.to_string()));
    match error {
        LdapError::Rustls { .. } | LdapError::DNSName { .. } => ConnectorError::Untrusted { address, detail },
        LdapError::Io { source } if source.get_ref().is_some_and(|inner| inner.is::<rustls::Error>()) => {
            ConnectorError::Untrusted { address, detail }
        }
        // The only operation whose refusal arrives here is StartTLS.
        LdapError::LdapResult { .. } => ConnectorError::Untrusted { address, detail },
        LdapError::Timeout { .. } => {
            ConnectorError::Timeout { what: format!("an operation on `{address}`"), seconds: OPERATION.as_secs() }
        }
        LdapError::Io { .. }
        | LdapError::OpSend { .. }
        | LdapError::ResultRecv { .. }
        | LdapError::MiscSend { .. }
        | LdapError::IdScrubSend { .. }
        | LdapError::EndOfStream => ConnectorError::Unreachable { address, detail },
        _ => ConnectorError::Unexpected { command: "the conversation".to_owned(), detail },
    }
}
