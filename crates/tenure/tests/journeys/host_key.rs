//! The host shows another key than the pinned one: nobody is let through, and no credential is shown to it.

use crate::proven::must_be_proven;
use testbed::{Engine, Testbed};

const NEW_KEY: &str = "cd /etc/ssh && mv ssh_host_ed25519_key old_key && mv ssh_host_ed25519_key.pub old_key.pub && \
    ssh-keygen -q -t ed25519 -N '' -C '' -f ssh_host_ed25519_key";
const OLD_KEY: &str = "cd /etc/ssh && mv old_key ssh_host_ed25519_key && mv old_key.pub ssh_host_ed25519_key.pub";

async fn change_key(bed: &Testbed, script: &str) {
    let host = bed.host.clone();
    testbed::blocking(move || host.stop().unwrap()).await;
    bed.on_host(script).await;
    let host = bed.host.clone();
    testbed::blocking(move || host.start_again().unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_with_another_key_gets_no_credential_and_the_person_is_told() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let grant = bed.grant("root", 10).await;
        change_key(&bed, NEW_KEY).await;
        let before = bed.sshd_log().await;
        let run = bed.run(&bed.alice, "id").await;
        let line = "tenure: your access to root@web-1 ended: the target showed another host key than the pinned one: \
                    tell its owner before anybody connects";
        assert_eq!(run.stderr.lines().filter(|told| *told == line).count(), 1, "{run:?}");
        assert_eq!((run.stdout.as_str(), run.code()), ("", Some(255)));
        let log = bed.sshd_log().await;
        let heard = log.strip_prefix(&before).expect("the log only grows");
        assert!(heard.contains("Connection") && !heard.contains("publickey") && !heard.contains("root"), "{heard}");

        change_key(&bed, OLD_KEY).await;
        let run = bed.run(&bed.alice, "id -un").await;
        assert_eq!((run.stdout.as_str(), run.code()), ("root\n", Some(0)), "{run:?}");
        bed.withdraw(&grant).await;
        bed.gone(&grant).await;
        let story = bed.timeline_with(&grant, &["reason"]).await;
        let ends: Vec<_> = story.iter().filter(|told| told.starts_with("session.ended")).collect();
        assert_eq!(ends, ["session.ended by alice host_key_changed", "session.ended by alice target_closed"]);
        must_be_proven(&bed, &grant).await;
        bed.stop().await;
    }
}
