//! Journeys: the whole loop with the real OpenSSH client, a real Debian sshd, on SQLite and PostgreSQL. The expected
//! value of each is the ledger's timeline.

mod request_to_evidence;
