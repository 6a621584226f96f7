//! The demo's authorities: a root, the shop's own below it, a signer of tokens, and one certificate that Alice had issued.

use super::{CERTIFIED, Cast};
use anyhow::{Context, Result};
use privilege::issuers::{self, Declaration, Filter, IssuerError, Profile, Request};
use serde_json::json;
use std::collections::BTreeSet;

impl Cast<'_> {
    pub(super) async fn issuers(&self) -> Result<()> {
        let root = json!({"kind": "x509_root", "common_name": "Demo Company Root", "days": 3650});
        let shop = json!({"kind": "x509_intermediate", "common_name": "Shop", "days": 365, "parent": "root-ca",
            "permitted_dns": ["shop.example.com"]});
        let web = json!({"kind": "x509", "dns": [".shop.example.com"], "usages": ["server"]});
        let api = json!({"kind": "jwt", "audiences": ["https://api.shop.example.com"]});
        self.issuer("root-ca", root, None).await?;
        self.issuer("shop-ca", shop, Some(("web", super::GRANT_MINUTES, web))).await?;
        self.issuer("shop-tokens", json!({"kind": "jwt"}), Some(("api", 60, api))).await
    }

    async fn issuer(
        &self,
        name: &str,
        terms: serde_json::Value,
        profile: Option<(&str, u32, serde_json::Value)>,
    ) -> Result<()> {
        match issuers::get(self.ctx, name).await {
            Ok(_) => {}
            Err(IssuerError::NotFound(_)) => {
                let new = Declaration { name: name.to_owned(), terms: serde_json::from_value(terms)? };
                issuers::create(&super::console(self.ctx), self.origin, &new).await?;
            }
            Err(error) => return Err(error.into()),
        }
        if let Some((login, max_minutes, rules)) = profile {
            let rules = serde_json::from_value(rules)?;
            let profile = Profile { name: login.to_owned(), max_minutes, max_live: 100, rules };
            issuers::declare_profiles(&super::console(self.ctx), name, &[profile]).await?;
        }
        Ok(())
    }

    pub(super) async fn certificate(&self) -> Result<()> {
        let (profile, issuer) = CERTIFIED.split_once('@').context("a certificate is PROFILE@ISSUER")?;
        let filter =
            Filter { issuer: Some(issuer.to_owned()), grant: None, holder: None, live: None, after: None, limit: 1 };
        if !issuers::list_issued(self.ctx, &self.alice, filter).await?.is_empty() {
            return Ok(());
        }
        let request = Request {
            profile: profile.to_owned(),
            minutes: None,
            csr: None,
            dns: vec!["www.shop.example.com".to_owned()],
            ips: Vec::new(),
            uris: Vec::new(),
            public_key: None,
            principals: Vec::new(),
            audiences: BTreeSet::new(),
            token: None,
        };
        issuers::issue(&self.acting(&self.alice), self.origin, &self.alice.identity, issuer, request).await?;
        Ok(())
    }
}
