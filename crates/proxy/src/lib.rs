//! The gateway that people's own clients talk to. It carries bytes between a client and a target for as long as a
//! permit holds. No SQL, no secret at rest, no rule about who may do what.

mod carried;
mod lane;
mod pump;
mod sftp;
pub mod ssh;
