//! Keys made by `ssh-keygen`, with the fingerprints that `ssh-keygen -l` prints for them.

use super::*;
use proptest::prelude::*;

const ED25519: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE3goDm7fK7PR5IrI7FSvHOcT6gBqQzZlCZa6j+ubOdw";
const ED25519_SHA256: &str = "SHA256:N+8OiKE7DYza8gZXx9/PcfBaPFN3s6mo6lWTaBRZYp8";
const ECDSA: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBHawg16WmGs4gxOJvC/pFn6D64O0GHD2KXh827+77C/d572/3I2JZHywf3/DCbjq0pwfHMNfpQb0yZfTeLsOB1k=";
const ECDSA_SHA256: &str = "SHA256:F7d08Ofq3pqBoUjlTa1LDvRDo/XgCRWe4AlG2NBCtP4";
const DSA_KEY: &str = "ssh-dss AAAAB3NzaC1kc3MAAACBALaIC2RMvK3UQahaX6zuA5KW1vr5QBEnlU8WX/bVs3uY+RI7CZE3WgjTdDCfrnqh3Cc6TmJ+zRX8Gwhl+TwSP6wSFHqcMzV0jMBuWTOg7VyKrO4KOQujnh0DmJ4oK6RSsPkvT6MMJ99seXyHOprrGoSyOTZ8vdvbnujCIrpUa0VxAAAAFQD1BTHhK7K/ICG2W32JJpHX0155ewAAAIBFLI4OsZWvH34UsQpVMh6N962yeFQ1WguycvCHMT6EX9A//KD2j8fFBj2vmoxNiER4ktLJTFEYlI20/uu4O5alBowm1RWlyZ0+ZH8cNoygfBdIcjqQwgV2Ey2tv2aK5zHdlVvfybIo6OS9YY8HuCMEpyYjG+m8Zig7Bp/tOcRJjgAAAIEAkVP2JaSMXkf9H9+Ec1GqbGOCdPZacIrG1TAI1LtaZviATZYdaLqiK9dcXXwg74WT/HYuo6hIO4FveUnVEkhAKJugnMJTXVUbxnTlgJ+wjd693YyVXl9yTNXeRK7l4ZLSfR1Kmsd8w04GEP8xThePIedBBwPXeI+XAwEAwcA1PEg=";
const DSA_SHA256: &str = "SHA256:PLCI8xyAPIN4qe6IMTdg2uuELKZ6zIc1FdpZrPO/vuk";

#[test]
fn each_key_is_read_with_its_options_type_fingerprint_and_comment() {
    for (line, options, fingerprint, comment) in [
        (format!("{ED25519} ed25519 key of ann"), vec![], ED25519_SHA256, "ed25519 key of ann"),
        (format!("\t{ECDSA}"), vec![], ECDSA_SHA256, ""),
        (format!("{DSA_KEY} old"), vec![], DSA_SHA256, "old"),
        (
            format!(r#"restrict,from="10.0.0.0/8,!10.1.1.1",command="echo \"a, b\" c" {ED25519} x"#),
            vec!["restrict", r#"from="10.0.0.0/8,!10.1.1.1""#, r#"command="echo \"a, b\" c""#],
            ED25519_SHA256,
            "x",
        ),
        (
            format!("cert-authority,principals=\"ops\"  {ECDSA}\tthe ca\r"),
            vec!["cert-authority", "principals=\"ops\""],
            ECDSA_SHA256,
            "the ca",
        ),
    ] {
        let file = key_file("/root/.ssh/authorized_keys", &format!("# comment\n\n{line}\n"));
        let [key] = &file.keys[..] else { panic!("{line}: {file:?}") };
        assert_eq!((key.line, key.options.clone()), (3, options.into_iter().map(String::from).collect()), "{line}");
        assert_eq!((key.fingerprint.as_str(), key.comment.as_str()), (fingerprint, comment));
        assert!(line.contains(&key.key_type));
    }
}

#[test]
fn a_hardware_key_is_read_too() {
    let mut blob = Vec::new();
    for part in [b"sk-ssh-ed25519@openssh.com".as_slice(), &[7; 32], b"ssh:"] {
        blob.extend_from_slice(&u32::try_from(part.len()).unwrap().to_be_bytes());
        blob.extend_from_slice(part);
    }
    let file = key_file("k", &format!("verify-required sk-ssh-ed25519@openssh.com {} token", BASE64.encode(&blob)));
    assert_eq!((file.keys[0].key_type.as_str(), file.keys[0].options.len()), ("sk-ssh-ed25519@openssh.com", 1));
}

#[test]
fn a_line_that_sshd_skips_is_no_key_and_is_named() {
    let wrong_type = ED25519.replace("ssh-ed25519 ", "ssh-rsa ");
    let cut = &ED25519[..ED25519.len() - 8];
    let commented = format!("#{ED25519}");
    let unclosed = format!("command=\"x {ED25519}");
    let text = format!("{wrong_type}\n{cut}\n{commented}\n{unclosed}\nssh-ed25519\nhello world\n{ED25519} last\n");
    let file = key_file("k", &text);
    assert_eq!(file.unreadable, [1, 2, 4, 5, 6]);
    assert_eq!(file.keys.iter().map(|key| key.comment.as_str()).collect::<Vec<_>>(), ["last"]);
}

#[test]
fn the_settings_of_sshd_say_where_keys_are() {
    let sources =
        key_sources("port 22\nauthorizedkeyscommand none\nauthorizedkeysfile .ssh/authorized_keys /etc/keys/%u\n");
    let sources = sources.unwrap();
    assert_eq!((sources.files.len(), &sources.command), (2, &None));
    let sources = key_sources(
        "authorizedkeyscommanduser nobody\nauthorizedkeyscommand /usr/bin/keys %u\nauthorizedkeysfile none\n",
    );
    assert_eq!(sources, Some(KeySources { files: vec![], command: Some("/usr/bin/keys %u".into()) }));
    assert_eq!(key_sources("Missing privilege separation directory: /run/sshd\n"), None);
}

#[test]
fn the_path_of_a_key_file_is_filled_in() {
    for (pattern, path) in [
        (".ssh/authorized_keys", "/home/ann/.ssh/authorized_keys"),
        ("%h/.ssh/k", "/home/ann/.ssh/k"),
        ("/etc/keys/%u-%U.%%", "/etc/keys/ann-1001.%"),
        ("/odd/%", "/odd/%"),
    ] {
        assert_eq!(key_path(pattern, "ann", 1001, "/home/ann"), path);
    }
    assert_eq!(key_path(".ssh/k", "root", 0, "/"), "/.ssh/k");
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "(?s).{0,200}", options in "[a-z=\"\\\\, \t]{0,30}", path in "[%hué/]{0,12}") {
        let _ = (key_file("k", &text), key_file("k", &format!("{options} {ED25519}")), key_sources(&text));
        let _ = key_path(&path, "ann", 1, "/home/ann");
    }
}

#[test]
fn a_key_is_replaced_where_it_is_the_key_and_nothing_else_changes() {
    let (old, new) = (PublicKey::from_openssh(ED25519).unwrap(), PublicKey::from_openssh(ECDSA).unwrap());
    let unpadded = ECDSA.trim_end_matches('=');
    for (before, after) in [
        (format!("{ED25519}\n"), format!("{ECDSA}\n")),
        (ED25519.to_owned(), ECDSA.to_owned()),
        (format!("# {ED25519}\n\n  {ED25519} ann's \t old\r\n"), format!("# {ED25519}\n\n  {ECDSA} ann's \t old\r\n")),
        (
            format!("no-pty,command=\"echo \\\"{ED25519}\\\" a\"  {ED25519}\tx {ED25519}\n{DSA_KEY}"),
            format!("no-pty,command=\"echo \\\"{ED25519}\\\" a\"  {ECDSA}\tx {ED25519}\n{DSA_KEY}"),
        ),
        (format!("{ED25519}x\nnot a key {ED25519}\n"), format!("{ED25519}x\nnot a key {ED25519}\n")),
        (String::new(), String::new()),
    ] {
        assert_eq!(with_key_replaced(&before, &old, &new), after);
    }
    let back = with_key_replaced(&format!("{unpadded} x\n"), &new, &old);
    assert_eq!(back, format!("{ED25519} x\n"), "a key without its padding is the same key");
}

proptest! {
    #[test]
    fn replacing_a_key_there_and_back_changes_nothing(around in "[a-z \t\",=\n#]{0,40}", tail in "[a-z \t\n]{0,20}") {
        let (old, new) = (PublicKey::from_openssh(ED25519).unwrap(), PublicKey::from_openssh(ECDSA).unwrap());
        let text = format!("{around}{ED25519} {tail}");
        let there = with_key_replaced(&text, &old, &new);
        prop_assert_eq!(with_key_replaced(&there, &new, &old), text);
    }
}

/// Printed by OpenSSH 9.2.
#[test]
fn only_what_sshd_read_without_a_match_block_is_the_same_for_all() {
    let read = "debug2: load_server_config: filename /etc/ssh/sshd_config\n\
                debug3: /etc/ssh/sshd_config:62 setting KbdInteractiveAuthentication no\n";
    assert!(is_same_for_all(read));
    for otherwise in [
        String::new(),
        "unknown option -- d\n".to_owned(),
        format!("{read}debug3: checking syntax for 'Match user dana'\n"),
        format!("{read}debug3: checking match for 'user dana' user root host localhost addr 127.0.0.1\n"),
    ] {
        assert!(!is_same_for_all(&otherwise), "{otherwise}");
    }
}
