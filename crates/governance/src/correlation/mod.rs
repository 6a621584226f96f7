//! Who is who: records and accounts of several systems that belong to one person.

pub mod normal;
