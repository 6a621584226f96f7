//! One statement for many rows: repeats the placeholders of a static text. Each length is a power of two, so that the
//! drivers keep few statements prepared.

use crate::Value;

/// Rows or keys in one statement at most: SQLite takes 32,766 values.
pub(crate) const AT_ONCE: usize = 128;

/// How many of the rows that are left go in the next statement.
pub(crate) fn statement_for(left: usize) -> usize {
    AT_ONCE.min(1 << left.max(1).ilog2())
}

/// `into values (…), (…)`.
pub(crate) fn insert(into: &str, rows: &[Vec<Value>]) -> String {
    let mut next = 1;
    let mut row = |row: &Vec<Value>| {
        let text = placeholders(next, row.len());
        next += row.len();
        format!("({text})")
    };
    let rows: Vec<String> = rows.iter().map(&mut row).collect();
    format!("{into} values {}", rows.join(", "))
}

/// `sql` with one placeholder for each key, and one row for each where it says `$rows`; the last key is repeated to reach
/// a power of two.
pub(crate) fn select(sql: &str, keys: &[Value]) -> (String, Vec<Value>) {
    let mut keys = keys.to_vec();
    let last = keys.last().cloned().expect("a chunk is not empty");
    keys.resize(keys.len().next_power_of_two(), last);
    let rows: Vec<String> = (1..=keys.len()).map(|n| format!("({})", placeholders(n, 1))).collect();
    (sql.replace("$keys", &placeholders(1, keys.len())).replace("$rows", &rows.join(", ")), keys)
}

fn placeholders(first: usize, count: usize) -> String {
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args;

    #[test]
    fn a_statement_has_a_placeholder_for_each_value_of_each_row() {
        let rows = [args!["a", 1_u64], args!["b", 2_u64]];
        assert_eq!(insert("insert into t (x, y)", &rows), "insert into t (x, y) values ($1, $2), ($3, $4)");
    }

    #[test]
    fn statements_have_few_lengths() {
        let (sql, keys) = select("select x from t where x in ($keys)", &args!["a", "b", "c"]);
        assert_eq!(sql, "select x from t where x in ($1, $2, $3, $4)");
        assert_eq!(keys, args!["a", "b", "c", "c"]);
        assert_eq!(select("values $rows", &args!["a", "b"]).0, "values ($1), ($2)");
        let lengths = [1, 2, 3, 7, 64, 127, 128, 10_000].map(statement_for);
        assert_eq!(lengths, [1, 2, 2, 4, 64, 64, 128, 128]);
    }
}
