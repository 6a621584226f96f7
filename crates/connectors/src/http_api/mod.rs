//! A system with accounts behind an HTTP API that somebody has described in a small file: where things are listed, what of an
//! answer is what, and by which calls they change. Nothing of the file is run: a value becomes a part of a path or a string
//! of JSON, and nothing else.

mod auth;
mod calls;
mod description;
mod objects;
mod paging;
mod system;
mod template;

pub use description::{Description, DescriptionError, Destination};
pub use system::HttpApi;
