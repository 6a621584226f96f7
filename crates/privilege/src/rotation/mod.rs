//! Rotation.
pub mod machine;
