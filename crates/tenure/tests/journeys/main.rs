//! Journeys: the whole loop with the real OpenSSH client, a real Debian sshd, on SQLite and PostgreSQL. The expected
//! value of each is the ledger's timeline.

mod at_rest;
mod bad_feeds;
mod bad_text;
mod checkouts;
mod credentials;
mod expiry;
mod full_disk;
mod host_key;
mod installed;
mod issued;
mod kill;
mod leak_to_dead;
mod leaver;
mod limits;
mod lost_database;
mod machines;
mod metrics;
mod migration;
mod own_request;
mod port_forwarding;
mod proven;
mod refusals;
mod rekey;
mod request_to_evidence;
mod rolled_back;
mod root_key;
mod seal_devices;
mod second_node;
mod secrets;
mod shares;
mod shop;
mod two_nodes;
mod under_way;
mod vaulted;
mod withdrawal;
