//! Many ids in one statement. A statement is one static text, so a list goes into it as one argument, which the
//! database takes apart: both engines know `substr`, and the ids of one kind are equally long.

use crate::Value;

/// `select … where x in (select id from listed)`, with the ids of [`listing`] as `$1` and `$2`.
#[macro_export]
macro_rules! listed {
    ($($select:tt)*) => {
        ::std::concat!(
            "with recursive listed(n, id) as (",
            "select 1, substr(cast($1 as text), 1, cast($2 as integer)) ",
            "union all select n + 1, substr(cast($1 as text), n * cast($2 as integer) + 1, cast($2 as integer)) ",
            "from listed where n * cast($2 as integer) < length(cast($1 as text))) ",
            $($select)*
        )
    };
}

/// The arguments of a statement that begins with [`listed!`].
///
/// # Panics
/// When the ids are not equally long: they would be taken apart at the wrong places.
pub fn listing<T: ToString>(ids: impl IntoIterator<Item = T>) -> Vec<Value> {
    let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    let width = ids.first().map_or(0, String::len);
    assert!(ids.iter().all(|id| id.len() == width), "ids of one kind are equally long");
    vec![Value::from(ids.concat()), Value::from(width)]
}
