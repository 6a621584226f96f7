//! What OpenSSH makes of the certificates: ssh-keygen, a real sshd, and its client.

use super::*;
use crate::house::{House, MINUTE, on_both_engines};
use peers::sshd::{HostOptions, LinuxHost};
use peers::tools;
use privilege::issuers::publish;

fn login(principal: &str) -> Request {
    Request { profile: "operator".into(), principals: vec![principal.into()], ..Request::default() }
}

/// The key and certificate of an issuance, as files for `ssh`.
fn files(folder: &Path, issuance: &Issuance) -> String {
    let key = put(folder, "id", issuance.private_key.as_ref().unwrap().expose());
    put(folder, "id-cert.pub", issuance.certificate.as_ref().unwrap());
    key
}

fn ssh(host: &LinuxHost, folder: &Path, key: &str, known_hosts: &str, alias: Option<&str>) -> (bool, String) {
    let known = put(folder, "known_hosts", known_hosts);
    let mut ssh = tools::ssh().unwrap();
    ssh.args(["-F", "none", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", "IdentitiesOnly=yes"]);
    ssh.args(["-o", &format!("UserKnownHostsFile={known}"), "-o", "GlobalKnownHostsFile=none", "-i", key]);
    if let Some(alias) = alias {
        ssh.args(["-o", &format!("HostKeyAlias={alias}")]);
    }
    run(ssh.args(["-p", &host.addr().port().to_string(), "root@127.0.0.1", "id", "-un"]))
}

#[tokio::test]
async fn sshd_accepts_a_user_certificate_and_refuses_it_once_it_is_on_the_list() {
    let house = House::with_running_clock().await;
    ssh_issuer(&house).await;
    grant(&house, "operator", "ssh-ca", MINUTE * 60).await;
    let trusted_ca = Some(publish::ssh_authority(&house.ctx, "ssh-ca").await.unwrap());
    let host =
        LinuxHost::start(HostOptions { trusted_ca, reads_revoked_keys: true, ..HostOptions::default() }).unwrap();
    let issuance = ask(&house, "ssh-ca", login("root")).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let key = files(folder.path(), &issuance);
    let told = well(tools::ssh_keygen().unwrap().args(["-L", "-f", &format!("{key}-cert.pub")]));
    for line in
        ["user certificate", &format!("Serial: {}", issuance.issued.serial), "permit-pty", "source-address 127.0.0.0/8"]
    {
        assert!(told.contains(line), "{line}: {told}");
    }
    assert!(!told.contains("permit-agent-forwarding") && !told.contains("permit-X11-forwarding"), "{told}");
    let known = host.known_hosts_line();
    host.revoke(&publish::krl(&house.ctx, "ssh-ca").await.unwrap()).unwrap();
    assert_eq!(ssh(&host, folder.path(), &key, &known, None), (true, "root\n".to_owned()));

    issuers::revoke(&house.ctx, &house.alice_signed_in(), &issuance.issued.id, "the laptop was lost").await.unwrap();
    host.revoke(&publish::krl(&house.ctx, "ssh-ca").await.unwrap()).unwrap();
    let (good, text) = ssh(&host, folder.path(), &key, &known, None);
    assert!(!good && text.contains("Permission denied"), "{text}");
    let another = ask(&house, "ssh-ca", login("root")).await.unwrap();
    let key = files(folder.path(), &another);
    assert_eq!(ssh(&host, folder.path(), &key, &known, None), (true, "root\n".to_owned()));
    let deploy = ask(&house, "ssh-ca", login("deploy")).await.unwrap();
    let key = files(folder.path(), &deploy);
    assert!(!ssh(&host, folder.path(), &key, &known, None).0, "a certificate for deploy is none for root");
}

#[tokio::test]
async fn a_client_trusts_a_host_by_its_certificate_and_by_the_name_that_it_is_for() {
    let house = House::with_running_clock().await;
    ssh_issuer(&house).await;
    for profile in ["operator", "host"] {
        grant(&house, profile, "ssh-ca", MINUTE * 60).await;
    }
    let authority = publish::ssh_authority(&house.ctx, "ssh-ca").await.unwrap();
    let host = LinuxHost::start(HostOptions {
        trusted_ca: Some(authority.clone()),
        sshd_config_extra: "HostCertificate /etc/ssh/ssh_host_ed25519_key-cert.pub".into(),
        ..HostOptions::default()
    })
    .unwrap();
    let request = Request {
        profile: "host".into(),
        principals: vec!["web-1.example.com".into()],
        public_key: Some(host.host_key_line().into()),
        ..Request::default()
    };
    let certificate = ask(&house, "ssh-ca", request).await.unwrap();
    assert!(certificate.private_key.is_none());
    host.write("/etc/ssh/ssh_host_ed25519_key-cert.pub", certificate.certificate.as_ref().unwrap(), 0o644).unwrap();
    host.stop().unwrap();
    host.start_again().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let key = files(folder.path(), &ask(&house, "ssh-ca", login("root")).await.unwrap());
    let known = format!("@cert-authority *.example.com {authority}\n");
    assert_eq!(ssh(&host, folder.path(), &key, &known, Some("web-1.example.com")), (true, "root\n".to_owned()));
    for alias in ["web-2.example.com", "web-1.bank.example"] {
        let (good, text) = ssh(&host, folder.path(), &key, &known, Some(alias));
        assert!(!good && text.contains("Host key verification failed"), "{alias}: {text}");
    }
}

on_both_engines! {
    async fn a_user_certificate_has_one_principal_of_the_profile_and_a_key_that_is_not_weak(house: House) {
        ssh_issuer(&house).await;
        for profile in ["operator", "host"] {
            grant(&house, profile, "ssh-ca", MINUTE * 60).await;
        }
        let of = |profile: &str, principals: &[&str]| {
            let principals = principals.iter().map(|one| (*one).to_owned()).collect();
            Request { profile: profile.into(), principals, ..Request::default() }
        };
        let dss = Request { public_key: Some("ssh-dss AAAA".into()), ..login("root") };
        let rsa = Request { public_key: Some(RSA.into()), ..login("root") };
        for (request, refused) in [
            (of("operator", &["root", "deploy"]), "exactly one"),
            (of("operator", &[]), "for which principal"),
            (of("operator", &["root,deploy"]), "root,deploy"),
            (of("operator", &["mallory"]), "mallory"),
            (of("operator", &[""]), "not allowed"),
            (of("host", &["web-2.example.com"]), "web-2.example.com"),
            (of("host", &["*.example.com"]), "*.example.com"),
            (dss, "not an SSH public key"),
            (rsa, "only ECDSA and Ed25519"),
        ] {
            let error = ask(&house, "ssh-ca", request).await.unwrap_err();
            assert!(error.to_string().contains(refused), "{refused}: {error}");
        }
        let both = ask(&house, "ssh-ca", of("host", &["localhost", "web-1.example.com"])).await.unwrap();
        assert_eq!(both.issued.names, ["localhost", "web-1.example.com"]);
    }
}

const RSA: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQCxR1TZrtzJgD55nCHo4Ut82YOxRzFJHYELj/6pKb/fdGF8zBgbP7Sn9KnRt7lAYhwTmPCGiaOu+Nrk+Ph/ahdoqlUVFbkC4OvcYAyAr7yusYOPVjGifb/ztmhvOJzXvg4nucQpVu1sBj1JyKjhPnYBcrN9f4BNkM7N7Lt2UJ9LWS2zJ8a/CzGocP+lb7htBb4Gkw2aGElelb4P7eFloedci79wF1pmKVTzC+PehRHz1K4wqOmVG38oOekne60FKbTI020Cz0Xclbkpp/BqVNeZIWdiuhDRYnxmO+TqF1/EjvbtngjLShFfKDhXIfXIAaHWAdW4E1zY5nkhkRfAJhR23aRVR3FR3uBXX2vwIDSkfpLZ07ddxReIOC3BW4R2lD2hNzOKHs6Ko/eO2kfQ8usTDsbbfrYPwd9x1BNnGaiJsP1EaIHG9BdsEFKEq6JWjPZ9bF8Wx0QHVCv0hnZYGBai25t9W7BC0P9aQCGAor9rfttggYj9GOKG/oMk8E0kCR8=";
