//! What may be declared, and whether what is asked for is what a profile allows. Pure.

use super::csr::Csr;
use super::names::{self, MOST_NAMES, Name, Network};
use super::{
    Certifies, Declaration, Filter, Issued, IssuerError, JwtRules, Profile, Request, Rules, SshRules, Terms, X509Rules,
    jwt,
};
use authn::Caller;
use std::collections::BTreeSet;
use std::time::Duration;
use types::{Permission, Timestamp, is_login, is_target};

const DAY: Duration = Duration::from_secs(86_400);
const LONGEST_ROOT: u32 = 7300;
const LONGEST_INTERMEDIATE: u32 = 3650;
/// A year of certificates, an hour of tokens: a token is hard to take back.
const LONGEST_CERTIFICATE: u32 = 366 * 24 * 60;
const LONGEST_TOKEN: u32 = 60;
const MOST_LIVE: u32 = 100_000;
const LONGEST_TEXT: usize = 255;
const LARGEST_CLAIMS: usize = 4096;

pub(super) fn days(days: u32) -> Duration {
    DAY * days
}

pub(super) fn check_declaration(new: &Declaration) -> Result<(), IssuerError> {
    if !is_target(&new.name) {
        return Err(IssuerError::BadName(new.name.chars().take(70).collect()));
    }
    let bad = |problem: &str| IssuerError::BadTerms { name: new.name.clone(), problem: problem.to_owned() };
    let (common_name, given, most) = match &new.terms {
        Terms::X509Root { common_name, days, .. } => (common_name, *days, LONGEST_ROOT),
        Terms::X509Intermediate { common_name, days, .. } => (common_name, *days, LONGEST_INTERMEDIATE),
        Terms::Jwt { .. } | Terms::Ssh {} => return Ok(()),
    };
    if !(1..=64).contains(&common_name.chars().count()) || common_name.chars().any(char::is_control) {
        return Err(bad("its common name has 1 to 64 printable characters"));
    }
    if !(1..=most).contains(&given) {
        return Err(bad("a root lasts from 1 to 7300 days, an intermediate from 1 to 3650"));
    }
    if let Terms::X509Intermediate { permitted_dns, .. } = &new.terms
        && (permitted_dns.len() > MOST_NAMES || !permitted_dns.iter().all(|name| names::is_dns(name)))
    {
        return Err(bad("`permitted_dns` holds plain names in lower case, such as `example.com`, 100 at most"));
    }
    Ok(())
}

/// Whether a profile makes sense for its issuer.
pub(super) fn check_profile(terms: &Terms, profile: &Profile) -> Result<(), IssuerError> {
    let bad = |problem: &str| {
        let profile = profile.name.chars().take(40).collect();
        Err(IssuerError::BadProfile { profile, problem: problem.to_owned() })
    };
    if !is_login(&profile.name) {
        return bad("a name has up to 32 letters, digits, dots, hyphens and underscores");
    }
    let most = if matches!(terms, Terms::Jwt { .. }) { LONGEST_TOKEN } else { LONGEST_CERTIFICATE };
    if !(1..=most).contains(&profile.max_minutes) {
        return bad("a token lasts from 1 minute to 1 hour, a certificate to 366 days");
    }
    if !(1..=MOST_LIVE).contains(&profile.max_live) {
        return bad("from 1 to 100000 of a grant may be valid at a time");
    }
    let problem = match (terms, &profile.rules) {
        (Terms::X509Root { issues: false, .. }, _) => Some("this root issues intermediates only"),
        (Terms::X509Root { .. } | Terms::X509Intermediate { .. }, Rules::X509(rules)) => x509_problem(terms, rules),
        (Terms::Jwt { .. }, Rules::Jwt(rules)) => jwt_problem(rules),
        (Terms::Ssh {}, Rules::Ssh(rules)) => ssh_problem(rules),
        _ => Some("its rules are for another kind of issuer"),
    };
    problem.map_or(Ok(()), bad)
}

fn x509_problem(terms: &Terms, rules: &X509Rules) -> Option<&'static str> {
    let count = rules.dns.len() + rules.ips.len() + rules.uris.len();
    if !(1..=MOST_NAMES).contains(&count) {
        return Some("it allows from 1 to 100 names: nobody certifies nothing, or everything");
    }
    if rules.usages.is_empty() {
        return Some("it allows at least one usage, `server` or `client`");
    }
    if !rules.dns.iter().all(|pattern| names::is_dns_pattern(pattern)) {
        return Some(
            "`dns` holds `web.example.com`, `*.example.com` or `.example.com`, in lower case, never a whole top-level domain",
        );
    }
    if !rules.ips.iter().all(|network| Network::parse(network).is_some()) {
        return Some("`ips` holds addresses, and networks such as `10.0.0.0/8` without host bits");
    }
    if !rules.uris.iter().all(|pattern| names::is_uri_pattern(pattern)) {
        return Some("`uris` holds SPIFFE ids such as `spiffe://example.org/web`, or `spiffe://example.org/web/*`");
    }
    let is_constrained = matches!(terms, Terms::X509Intermediate { permitted_dns, .. } if !permitted_dns.is_empty());
    if is_constrained && !(rules.ips.is_empty() && rules.uris.is_empty()) {
        return Some("this issuer may certify names of `permitted_dns` only, no addresses and no SPIFFE ids");
    }
    let within = |pattern: &String| {
        let base = pattern.trim_start_matches("*.").trim_start_matches('.');
        permitted(terms, base)
    };
    (!rules.dns.iter().all(within)).then_some("a name of `dns` is not within the names that this issuer may certify")
}

/// Whether an issuer's name constraints let it certify a name.
fn permitted(terms: &Terms, name: &str) -> bool {
    let Terms::X509Intermediate { permitted_dns, .. } = terms else { return true };
    permitted_dns.is_empty() || is_below(name, permitted_dns)
}

/// Whether a name is one of these, or below one.
pub(super) fn is_below(name: &str, bases: &[String]) -> bool {
    let below =
        |base: &String| name == base || name.strip_suffix(base.as_str()).is_some_and(|rest| rest.ends_with('.'));
    bases.iter().any(below)
}

fn jwt_problem(rules: &JwtRules) -> Option<&'static str> {
    let is_text = |text: &str| (1..=LONGEST_TEXT).contains(&text.len()) && !text.chars().any(char::is_control);
    if !(1..=20).contains(&rules.audiences.len()) || !rules.audiences.iter().all(|audience| is_text(audience)) {
        return Some("it names from 1 to 20 audiences: a token for anybody is a token for an attacker");
    }
    if !is_text(&rules.subject) || rules.subject.matches("{holder}").count() != 1 {
        return Some("its subject holds `{holder}` exactly once, which becomes the id of the grant's holder");
    }
    if rules.claims.keys().any(|claim| jwt::RESERVED.contains(&claim.as_str())) {
        return Some("a fixed claim has a name that Tenure gives its own value");
    }
    let large = serde_json::to_string(&rules.claims).map_or(true, |text| text.len() > LARGEST_CLAIMS);
    large.then_some("its fixed claims are larger than 4 KiB")
}

fn ssh_problem(rules: &SshRules) -> Option<&'static str> {
    if !(1..=MOST_NAMES).contains(&rules.principals.len()) {
        return Some("it names from 1 to 100 principals: an empty list would mean anybody");
    }
    let fits = match rules.certifies {
        Certifies::User => rules.principals.iter().all(|login| is_login(login)),
        Certifies::Host => rules.principals.iter().all(|pattern| names::is_dns_pattern(pattern)),
    };
    if !fits {
        return Some("principals are logins, or names of hosts in lower case");
    }
    if rules.certifies == Certifies::Host && !(rules.extensions.is_empty() && rules.source_addresses.is_empty()) {
        return Some("a host's certificate has neither extensions nor source addresses");
    }
    let networks = rules.source_addresses.len() <= MOST_NAMES
        && rules.source_addresses.iter().all(|network| Network::parse(network).is_some());
    (!networks).then_some("`source_addresses` holds addresses and networks without host bits")
}

/// The names of an X.509 request, each once, all of them allowed.
pub(super) fn x509_names(
    terms: &Terms,
    profile: &Profile,
    rules: &X509Rules,
    request: &Request,
    csr: Option<&Csr>,
) -> Result<Vec<Name>, IssuerError> {
    let given = request.dns.len() + request.ips.len() + request.uris.len();
    let asked: Vec<Name> = match csr {
        Some(_) if given > 0 => return Err(IssuerError::BadRequest("the names stand in the request, not beside it")),
        Some(csr) if csr.algorithm != rules.algorithm => {
            return Err(IssuerError::BadRequest(
                "the key of the request is not of the algorithm that the profile says",
            ));
        }
        Some(csr) => csr.names.clone(),
        None if given > MOST_NAMES => return Err(IssuerError::BadRequest("ask for 100 names at most")),
        None => {
            let named = |read: fn(&str) -> Option<Name>, texts: &[String]| {
                let one = |text: &String| read(text).ok_or_else(|| not_allowed(profile, text));
                texts.iter().map(one).collect::<Result<Vec<_>, _>>()
            };
            [named(Name::dns, &request.dns)?, named(Name::ip, &request.ips)?, named(Name::uri, &request.uris)?].concat()
        }
    };
    if asked.is_empty() {
        return Err(IssuerError::BadRequest("ask for at least one name"));
    }
    match asked.iter().find(|name| !allows(terms, rules, name)) {
        Some(name) => Err(not_allowed(profile, &name.to_string())),
        None => Ok(asked.into_iter().collect::<BTreeSet<_>>().into_iter().collect()),
    }
}

fn allows(terms: &Terms, rules: &X509Rules, name: &Name) -> bool {
    match name {
        Name::Dns(name) => {
            rules.dns.iter().any(|pattern| names::dns_allows(pattern, name))
                && permitted(terms, name.trim_start_matches("*."))
        }
        Name::Ip(address) => {
            rules.ips.iter().any(|network| Network::parse(network).is_some_and(|network| network.contains(*address)))
        }
        Name::Uri(uri) => rules.uris.iter().any(|pattern| names::uri_allows(pattern, uri)),
    }
}

/// The principals of an SSH request: for a user exactly one, for a host one or more.
pub(super) fn ssh_principals(
    profile: &Profile,
    rules: &SshRules,
    request: &Request,
) -> Result<Vec<String>, IssuerError> {
    let asked: BTreeSet<String> = match (request.principals.is_empty(), &rules.principals[..]) {
        (true, [only]) if rules.certifies == Certifies::User => BTreeSet::from([only.clone()]),
        (true, _) => return Err(IssuerError::BadRequest("say for which principal")),
        (false, _) => request.principals.iter().cloned().collect(),
    };
    if rules.certifies == Certifies::User && asked.len() != 1 {
        return Err(IssuerError::BadRequest("a user's certificate has exactly one principal"));
    }
    if asked.len() > MOST_NAMES {
        return Err(IssuerError::BadRequest("ask for 100 names at most"));
    }
    let allowed = |principal: &String| match rules.certifies {
        Certifies::User => is_login(principal) && rules.principals.contains(principal),
        Certifies::Host => {
            names::is_dns(principal) && rules.principals.iter().any(|pattern| names::dns_allows(pattern, principal))
        }
    };
    match asked.iter().find(|principal| !allowed(principal)) {
        Some(principal) => Err(not_allowed(profile, principal)),
        None => Ok(asked.into_iter().collect()),
    }
}

pub(super) fn jwt_audiences(
    profile: &Profile,
    rules: &JwtRules,
    request: &Request,
) -> Result<BTreeSet<String>, IssuerError> {
    if request.audiences.is_empty() {
        return Ok(rules.audiences.clone());
    }
    match request.audiences.iter().find(|audience| !rules.audiences.contains(*audience)) {
        Some(audience) => Err(not_allowed(profile, audience)),
        None => Ok(request.audiences.clone()),
    }
}

fn not_allowed(profile: &Profile, name: &str) -> IssuerError {
    IssuerError::NotAllowed { name: name.chars().take(100).collect(), profile: profile.name.clone() }
}

/// The end of what is issued: as asked, and never after its profile, its grant or its authority allow.
pub(super) fn expiry(
    profile: &Profile,
    request: &Request,
    now: Timestamp,
    deadline: Timestamp,
    authority: Option<Timestamp>,
) -> Result<Timestamp, IssuerError> {
    let minutes = request.minutes.unwrap_or(profile.max_minutes);
    if !(1..=profile.max_minutes).contains(&minutes) {
        return Err(IssuerError::BadRequest("ask for at least a minute, and no more than the profile allows"));
    }
    let end = now.plus(Duration::from_secs(u64::from(minutes) * 60)).min(deadline);
    let end = authority.map_or(end, |authority| end.min(authority));
    if end.since(now) < Duration::from_secs(2) {
        return Err(IssuerError::BadRequest("the grant or the authority ends within two seconds"));
    }
    Ok(end)
}

/// One's own only, unless one may read everybody's.
pub(super) fn narrowed(filter: Filter, caller: &Caller) -> Filter {
    let holder = if caller.may(Permission::LeasesRead) { filter.holder } else { Some(caller.identity.clone()) };
    Filter { holder, ..filter }
}

/// One's own, or anybody's with `leases.revoke`.
pub(super) fn may_revoke(issued: &Issued, caller: &Caller) -> bool {
    issued.holder == caller.identity || caller.may(Permission::LeasesRevoke)
}
