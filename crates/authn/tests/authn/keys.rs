//! Registered SSH keys, and the keys that are refused. Keys are made by the real `ssh-keygen`.

use crate::house::{House, key, line, on_both_engines};
use authn::gateway::{self, Unknown};
use authn::ssh_keys::{self, BadKey, SshKeyError};
use std::process::Command;

/// The `.pub` file of a new key.
fn made_by_ssh_keygen(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    let output = Command::new("ssh-keygen").args(arguments).args(["-q", "-N", "", "-f"]).arg(&file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read_to_string(file.with_extension("pub")).unwrap()
}

on_both_engines! {
    async fn a_registered_key_proves_its_owner_until_it_is_removed(house: House) {
        let (alice, bob) = (house.account("alice").await, house.account("bob").await);
        assert!(matches!(gateway::identify_key(&house.ctx, &key(1)).await, Err(Unknown::NotRegistered)));
        assert!(!gateway::is_known(&house.ctx, &key(1)).await.unwrap());
        let registered = ssh_keys::register(&house.ctx, &alice, &format!("{} alice@laptop\n", line(1)), "laptop").await.unwrap();
        assert_eq!(registered.line, line(1), "the comment is not kept");
        assert_eq!(gateway::identify_key(&house.ctx, &key(1)).await.unwrap(), alice);
        assert!(gateway::is_known(&house.ctx, &key(1)).await.unwrap());
        assert_eq!(ssh_keys::list(&house.ctx, &alice).await.unwrap(), std::slice::from_ref(&registered));

        assert!(matches!(ssh_keys::remove(&house.ctx, &bob, &registered.id).await, Err(SshKeyError::NotFound(_))));
        ssh_keys::remove(&house.ctx, &alice, &registered.id).await.unwrap();
        assert!(matches!(gateway::identify_key(&house.ctx, &key(1)).await, Err(Unknown::NotRegistered)));
        assert!(matches!(ssh_keys::remove(&house.ctx, &alice, &registered.id).await, Err(SshKeyError::NotFound(_))));
        assert_eq!(house.timeline(&registered.id).await, ["ssh_key.registered", "ssh_key.removed"]);
    }

    async fn a_key_belongs_to_one_person_at_a_time(house: House) {
        let (alice, bob) = (house.account("alice").await, house.account("bob").await);
        let first = ssh_keys::register(&house.ctx, &alice, &line(1), "laptop").await.unwrap();
        for person in [&alice, &bob] {
            let taken = ssh_keys::register(&house.ctx, person, &line(1), "mine").await;
            assert!(matches!(taken, Err(SshKeyError::Taken(_))));
        }
        ssh_keys::remove(&house.ctx, &alice, &first.id).await.unwrap();
        ssh_keys::register(&house.ctx, &bob, &line(1), "handed over").await.unwrap();
        assert_eq!(gateway::identify_key(&house.ctx, &key(1)).await.unwrap(), bob);
    }

    async fn strong_keys_are_accepted_and_weak_or_odd_ones_refused(house: House) {
        let alice = house.account("alice").await;
        for arguments in [&["-t", "ed25519"][..], &["-t", "ecdsa", "-b", "384"], &["-t", "rsa", "-b", "3072"]] {
            let line = made_by_ssh_keygen(arguments);
            ssh_keys::register(&house.ctx, &alice, &line, "strong").await.unwrap();
            let key = line.trim().parse().unwrap();
            assert_eq!(gateway::identify_key(&house.ctx, &key).await.unwrap(), alice, "{arguments:?}");
        }
        for bits in ["1024", "2048"] {
            let weak = made_by_ssh_keygen(&["-t", "rsa", "-b", bits]);
            let refused = ssh_keys::register(&house.ctx, &alice, &weak, "weak").await;
            assert!(matches!(refused, Err(SshKeyError::BadKey(BadKey::WeakRsa(n))) if n.to_string() == bits));
        }
        let two = format!("{}\n{}", line(1), line(2));
        let with_options = format!("command=\"true\" {}", line(1));
        for odd in ["", "ssh-ed25519", "ssh-ed25519 AAAA", "-----BEGIN OPENSSH PRIVATE KEY-----", &two, &with_options] {
            let refused = ssh_keys::register(&house.ctx, &alice, odd, "odd").await;
            assert!(matches!(refused, Err(SshKeyError::BadKey(_))), "{odd}");
        }
        assert!(matches!(ssh_keys::register(&house.ctx, &alice, &line(1), " ").await, Err(SshKeyError::BadName)));
    }
}
