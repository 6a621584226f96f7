//! Issuing: one transaction asks for the permit, signs, and leaves the evidence before anything is answered.

use super::csr::{self, Csr};
use super::x509::{self, Leaf};
use super::{
    Form, Issuance, Issued, Issuer, IssuerError, JwtRules, Key, Profile, Request, Rules, SshRules, State, Terms,
    X509Rules, events, issued_store, jwt, keys, publish, rules, ssh, store,
};
use authn::authority;
use grants::{Ask, Permit, enforce};
use ledger::{Ctx, Write};
use rcgen::KeyPair;
use types::{Channel, CredentialId, Failure, IdentityId, Secret, Timestamp};

/// Issues what `request` asks for to the holder of a grant for `PROFILE@ISSUER`. `origin` is where Tenure is reached.
///
/// # Errors
/// [`IssuerError::Refused`] without a grant, and [`IssuerError::NotAllowed`] with the name that the profile does not
/// allow; both leave evidence.
pub async fn issue(
    ctx: &Ctx,
    origin: &str,
    who: &IdentityId,
    issuer: &str,
    request: Request,
) -> Result<Issuance, IssuerError> {
    let csr = request.csr.as_deref().map(csr::read).transpose()?;
    let order = Order { origin: origin.to_owned(), who: who.clone(), issuer: issuer.to_owned(), request, csr };
    let act = ctx.clone();
    ctx.together(move |tx| Box::pin(async move { order.carry_out(&act, tx).await })).await?
}

struct Order {
    origin: String,
    who: IdentityId,
    issuer: String,
    request: Request,
    csr: Option<Csr>,
}

/// Who signs for whom, under what, until when.
struct Act<'a> {
    order: &'a Order,
    issuer: &'a Issuer,
    profile: &'a Profile,
    permit: &'a Permit,
    id: CredentialId,
    now: Timestamp,
}

/// What was signed, before it is kept.
struct Signed {
    form: Form,
    key: Key,
    serial: String,
    names: Vec<String>,
    /// What the digest is of.
    bytes: Vec<u8>,
    expires_at: Timestamp,
    certificate: Option<String>,
    chain: Option<String>,
    private_key: Option<Secret<String>>,
    token: Option<Secret<String>>,
}

impl Order {
    /// The inner error is a refusal whose evidence is kept; the outer one leaves nothing.
    async fn carry_out(&self, ctx: &Ctx, tx: &mut Write) -> Result<Result<Issuance, IssuerError>, IssuerError> {
        let login = self.request.profile.as_str();
        let ask = Ask { who: &self.who, target: &self.issuer, login, channel: Channel::Credential };
        let permit = match enforce::permit(ctx, tx, &ask).await? {
            Ok(permit) => permit,
            Err(refusal) => return Ok(Err(refusal.into())),
        };
        let issuer = store::required(tx, &self.issuer).await?;
        let no_profile = || IssuerError::NoProfile { issuer: self.issuer.clone(), profile: login.to_owned() };
        let profile = store::profile_of(tx, &issuer.id, login).await?.ok_or_else(no_profile)?;
        let (id, now) = (CredentialId::new(ctx.clock(), ctx.chance()), tx.now());
        let live = issued_store::count_live_of(tx, permit.grant(), (&issuer.name, login), now).await?;
        if live >= u64::from(profile.max_live) {
            return Err(IssuerError::TooMany { most: profile.max_live });
        }
        let act = Act { order: self, issuer: &issuer, profile: &profile, permit: &permit, id, now };
        match act.sign(ctx, tx).await {
            Ok(signed) => act.keep(tx, signed).await.map(Ok),
            Err(error @ (IssuerError::NotAllowed { .. } | IssuerError::BadRequest(_))) => {
                tx.also(events::refused(&permit, error.code()));
                Ok(Err(error))
            }
            Err(error) => Err(error),
        }
    }
}

impl Act<'_> {
    async fn sign(&self, ctx: &Ctx, tx: &mut Write) -> Result<Signed, IssuerError> {
        if self.issuer.withdrawn_at.is_some() {
            return Err(IssuerError::Withdrawn(self.issuer.name.clone()));
        }
        rules::check_profile(&self.issuer.terms, self.profile)?;
        match (&self.issuer.terms, &self.profile.rules) {
            (_, Rules::X509(rules)) => self.x509(ctx, tx, rules).await,
            (Terms::Jwt { .. }, Rules::Jwt(rules)) => self.jwt(ctx, tx, rules).await,
            (_, Rules::Ssh(rules)) => self.ssh(ctx, tx, rules).await,
            _ => Err(self.damaged()),
        }
    }

    async fn x509(&self, ctx: &Ctx, tx: &mut Write, rules: &X509Rules) -> Result<Signed, IssuerError> {
        let request = &self.order.request;
        self.only(request.public_key.is_none() && request.principals.is_empty() && request.audiences.is_empty())?;
        let csr = self.order.csr.as_ref();
        let names = rules::x509_names(&self.issuer.terms, self.profile, rules, request, csr)?;
        let (ca, authority) = publish::open_ca(ctx, tx, self.issuer).await?;
        let expires_at = self.expiry(Some(ca.not_after))?;
        let serial = x509::serial(ctx.chance());
        let leaf = Leaf {
            id: self.id.as_str(),
            names: &names,
            usages: &rules.usages,
            not_before: self.now.minus(x509::EARLY),
            end: expires_at,
            serial: serial.clone(),
            crl: publish::crl_url(&self.order.origin, &self.issuer.name),
        };
        let damaged = |_| self.damaged();
        let (private_key, (der, pem)) = match csr {
            Some(csr) => (None, x509::leaf(leaf, &csr.key, &ca).map_err(damaged)?),
            None => {
                let pkcs8 = keys::generate(rules.algorithm)?;
                let pair: KeyPair = x509::key_pair(&pkcs8).map_err(damaged)?;
                (Some(Secret::new(pair.serialize_pem())), x509::leaf(leaf, &pair, &ca).map_err(damaged)?)
            }
        };
        let is_root = matches!(self.issuer.terms, Terms::X509Root { .. });
        Ok(Signed {
            form: Form::X509,
            key: self.key()?,
            serial: x509::serial_text(&serial),
            names: names.iter().map(ToString::to_string).collect(),
            bytes: der,
            expires_at,
            certificate: Some(pem),
            chain: Some(if is_root { String::new() } else { authority.certificate }),
            private_key,
            token: None,
        })
    }

    async fn jwt(&self, ctx: &Ctx, tx: &mut Write, rules: &JwtRules) -> Result<Signed, IssuerError> {
        let request = &self.order.request;
        let names = request.dns.len() + request.ips.len() + request.uris.len() + request.principals.len();
        self.only(request.csr.is_none() && request.public_key.is_none() && names == 0)?;
        let audiences = rules::jwt_audiences(self.profile, rules, request)?;
        let expires_at = self.expiry(None)?;
        let Terms::Jwt { algorithm } = self.issuer.terms else { return Err(self.damaged()) };
        let (key, private) = publish::signing_key(ctx, tx, self.issuer).await?;
        let claims = jwt::Claims {
            origin: &self.order.origin,
            issuer: &self.issuer.name,
            profile: &self.profile.name,
            rules,
            holder: self.permit.holder(),
            grant: self.permit.grant(),
            id: &self.id,
            audiences: &audiences,
            now: self.now,
            expires_at,
        };
        let token = jwt::sign(&claims, algorithm, &key.id, &private).ok_or_else(|| self.damaged())?;
        Ok(Signed {
            form: Form::Jwt,
            key,
            serial: self.id.to_string(),
            names: audiences.into_iter().collect(),
            bytes: token.expose().as_bytes().to_vec(),
            expires_at,
            certificate: None,
            chain: None,
            private_key: None,
            token: Some(token),
        })
    }

    async fn ssh(&self, ctx: &Ctx, tx: &mut Write, rules: &SshRules) -> Result<Signed, IssuerError> {
        let request = &self.order.request;
        let names = request.dns.len() + request.ips.len() + request.uris.len() + request.audiences.len();
        self.only(request.csr.is_none() && names == 0)?;
        let principals = rules::ssh_principals(self.profile, rules, request)?;
        let (public, private_key) = match &request.public_key {
            Some(line) => (ssh::key(line)?, None),
            None => ssh::new_key(ctx.chance()).map(|(key, text)| (key, Some(text))).ok_or_else(|| self.damaged())?,
        };
        let expires_at = self.expiry(None)?;
        let (key, private) = publish::signing_key(ctx, tx, self.issuer).await?;
        let signer = ssh::authority(&private).ok_or_else(|| self.damaged())?;
        let serial = authority::serial(ctx.chance());
        let spec = ssh::Spec {
            key: public,
            key_id: &format!("tenure {} {}", self.id, self.permit.holder()),
            certifies: rules.certifies,
            principals: &principals,
            serial,
            valid_after: self.now.minus(x509::EARLY),
            valid_before: expires_at,
            extensions: &rules.extensions,
            source_addresses: &rules.source_addresses,
        };
        let certificate = ssh::sign(&spec, &signer, ctx.chance());
        let line = certificate.and_then(|one| one.to_openssh().ok()).ok_or_else(|| self.damaged())?;
        Ok(Signed {
            form: Form::Ssh,
            key,
            serial: serial.to_string(),
            names: principals,
            bytes: line.as_bytes().to_vec(),
            expires_at,
            certificate: Some(line),
            chain: None,
            private_key,
            token: None,
        })
    }

    async fn keep(&self, tx: &mut Write, signed: Signed) -> Result<Issuance, IssuerError> {
        let issued = Issued {
            id: self.id.clone(),
            issuer: self.issuer.name.clone(),
            key: signed.key.id,
            form: signed.form,
            profile: self.profile.name.clone(),
            grant: self.permit.grant().clone(),
            holder: self.permit.holder().clone(),
            token: self.order.request.token.clone(),
            serial: signed.serial,
            names: signed.names,
            sha256: keys::sha256(&signed.bytes),
            issued_at: self.now,
            expires_at: signed.expires_at,
            state: State::Live,
        };
        tx.also(events::made(self.permit, &issued));
        issued_store::insert(tx, self.permit, &issued, signed.certificate.as_deref()).await?;
        Ok(Issuance {
            issued,
            certificate: signed.certificate,
            chain: signed.chain,
            private_key: signed.private_key,
            token: signed.token,
        })
    }

    fn expiry(&self, authority: Option<Timestamp>) -> Result<Timestamp, IssuerError> {
        rules::expiry(self.profile, &self.order.request, self.now, self.permit.deadline(), authority)
    }

    fn only(&self, fits: bool) -> Result<(), IssuerError> {
        let refused = IssuerError::BadRequest("a part of the request is for another kind of issuer: leave it out");
        if fits { Ok(()) } else { Err(refused) }
    }

    fn key(&self) -> Result<Key, IssuerError> {
        self.issuer.keys.last().cloned().ok_or_else(|| self.damaged())
    }

    fn damaged(&self) -> IssuerError {
        IssuerError::Damaged(self.issuer.name.clone())
    }
}
