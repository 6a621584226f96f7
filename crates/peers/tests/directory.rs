//! An Active Directory as tests use it: who gets in, what it keeps, how it ends. Only Debian's own clients take part.

use std::net::TcpStream;

use peers::samba::{ADMIN, ADMIN_PASSWORD, PEOPLE, PORT, Server};

#[test]
fn the_administrator_gets_in_by_the_right_password_and_adds_a_user_who_stays_over_a_stop() {
    let directory = Server::start_new().unwrap();
    for (name, password, gets_in) in [
        (ADMIN, ADMIN_PASSWORD, true),
        ("Administrator@corp.example", ADMIN_PASSWORD, true),
        (ADMIN, "wrong", false),
        ("CN=Nobody,CN=Users,DC=corp,DC=example", ADMIN_PASSWORD, false),
    ] {
        assert_eq!(directory.lets_in(name, password).unwrap(), gets_in, "{name}");
    }
    directory.add(&format!("dn: CN=Alice,{PEOPLE}\nobjectClass: user\nsAMAccountName: alice\n")).unwrap();
    directory.samba_tool(&["user", "setpassword", "alice", "--newpassword=First-of-all-1"]).unwrap();
    directory.stop().unwrap();
    assert!(TcpStream::connect((directory.ip(), PORT)).is_err());
    directory.start().unwrap();
    directory.samba_tool(&["user", "enable", "alice"]).unwrap();
    assert!(directory.lets_in("alice@corp.example", "First-of-all-1").unwrap());
    let found = directory.search("(sAMAccountName=alice)", &["userAccountControl"]).unwrap();
    assert!(found.contains("userAccountControl: 512"), "{found}");
    let error = directory.add(&format!("dn: CN=Alice,{PEOPLE}\nobjectClass: user\n")).unwrap_err();
    assert!(error.to_string().contains("Already exists"), "{error}");
}

#[test]
fn two_directories_have_addresses_of_their_own_and_share_nothing() {
    let (first, second) = (Server::start_new().unwrap(), Server::start_new().unwrap());
    assert_ne!(first.ip(), second.ip());
    first.add(&format!("dn: OU=Berlin,{}\nobjectClass: organizationalUnit\n", peers::samba::BASE)).unwrap();
    assert!(first.search("(ou=Berlin)", &["ou"]).unwrap().contains("ou: Berlin"));
    assert!(!second.search("(ou=Berlin)", &["ou"]).unwrap().contains("ou: Berlin"));
    let ip = first.ip();
    drop(first);
    assert!(TcpStream::connect((ip, PORT)).is_err());
    assert!(second.lets_in(ADMIN, ADMIN_PASSWORD).unwrap());
}
