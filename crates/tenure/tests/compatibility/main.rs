//! Compatibility: programs that nobody here wrote, through the gateway, to a real Debian sshd. Each must end as it ends
//! without Tenure between, and what it did must stand in the session and its recording.

mod audit;
mod clients;
mod files;
mod flow;
mod openssh;
mod world;
