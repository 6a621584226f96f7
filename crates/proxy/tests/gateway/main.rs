//! The gateway with people's ordinary programs in front and a real sshd behind.

mod bounds;
mod endings;
mod fixture;
mod hiding;
mod programs;
mod refusals;
