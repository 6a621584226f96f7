//! Which server is meant, how it is trusted, and the token that it is given.

use crate::exit::Failed;
use reqwest::Url;
use std::path::PathBuf;
use types::Secret;

/// Which server, and how to trust it. The token never stands in a flag, where every process of the machine reads it.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Server")]
pub(crate) struct ServerArgs {
    /// Address of the server, such as https://tenure.example.com
    #[arg(long, global = true, value_name = "URL", env = "TENURE_URL")]
    pub(crate) url: Option<String>,

    /// PEM file whose certificates alone are trusted, instead of the system's
    #[arg(long, global = true, value_name = "FILE", env = "TENURE_CA_FILE")]
    pub(crate) ca_file: Option<PathBuf>,

    /// File whose first line is your API token, instead of TENURE_TOKEN
    #[arg(long, global = true, value_name = "FILE", env = "TENURE_TOKEN_FILE")]
    pub(crate) token_file: Option<PathBuf>,
}

/// HTTPS, or plain HTTP on this machine's loopback, where nobody listens in.
pub(super) fn base(url: Option<&str>) -> Result<Url, Failed> {
    let text = url.filter(|url| !url.is_empty());
    let text = text.ok_or_else(|| Failed::usage("which server? set TENURE_URL or give --url"))?;
    let wrong = |why: &str| Failed::usage(format!("`{text}` {why}: write it as https://tenure.example.com"));
    let url = Url::parse(text).map_err(|_| wrong("is not a URL"))?;
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("is more than an address"));
    }
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    match url.scheme() {
        "https" => Ok(url),
        "http" if loopback => Ok(url),
        _ => Err(wrong("would send your token unencrypted")),
    }
}

pub(super) fn token(server: &ServerArgs) -> Result<Option<Secret<String>>, Failed> {
    let text = match &server.token_file {
        Some(path) => Some(std::fs::read_to_string(path).map_err(|error| Failed::file("read", path, &error))?),
        None => std::env::var("TENURE_TOKEN").ok(),
    };
    let text = text.map(Secret::new);
    let token = text.and_then(|text| text.expose().lines().next().map(|line| line.trim().to_owned()));
    Ok(token.filter(|token| !token.is_empty()).map(Secret::new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_sent_in_the_clear_to_another_machine() {
        for url in [
            "https://tenure.example.com",
            "https://tenure.example.com:8443/below",
            "http://127.0.0.1:8080",
            "http://[::1]:80",
            "http://localhost",
        ] {
            assert!(base(Some(url)).is_ok(), "{url}");
        }
        for url in [
            "http://tenure.example.com",
            "http://10.0.0.1",
            "ftp://127.0.0.1",
            "tenure.example.com:8443",
            "",
            "https://alice:pw@tenure.example.com",
            "https://tenure.example.com/?a=b",
            "http://localhost.example.com",
        ] {
            assert_eq!(base(Some(url)).unwrap_err().exit, crate::exit::Exit::Usage, "{url}");
        }
        assert!(base(None).unwrap_err().message.contains("TENURE_URL"));
    }
}
