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

/// `sql` with one placeholder for each key, behind those of `args`, and one row for each where it says `$rows`; the last
/// key is repeated to reach a power of two.
pub(crate) fn with_keys(sql: &str, mut args: Vec<Value>, keys: &[Value]) -> (String, Vec<Value>) {
    let (first, count) = (args.len() + 1, keys.len().next_power_of_two());
    let last = keys.last().expect("a chunk is not empty");
    args.extend(keys.iter().chain(std::iter::repeat(last)).take(count).cloned());
    let rows: Vec<String> = (first..first + count).map(|n| format!("({})", placeholders(n, 1))).collect();
    (sql.replace("$keys", &placeholders(first, count)).replace("$rows", &rows.join(", ")), args)
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
        let (sql, keys) = with_keys("select x from t where x in ($keys)", args![], &args!["a", "b", "c"]);
        assert_eq!(sql, "select x from t where x in ($1, $2, $3, $4)");
        assert_eq!(keys, args!["a", "b", "c", "c"]);
        assert_eq!(with_keys("values $rows", args![], &args!["a", "b"]).0, "values ($1), ($2)");
        let (sql, all) = with_keys("update t set y = $1 where x in ($keys)", args![7_i64], &args!["a", "b", "c"]);
        assert_eq!(sql, "update t set y = $1 where x in ($2, $3, $4, $5)");
        assert_eq!(all, args![7_i64, "a", "b", "c", "c"]);
        let lengths = [1, 2, 3, 7, 64, 127, 128, 10_000].map(statement_for);
        assert_eq!(lengths, [1, 2, 2, 4, 64, 64, 128, 128]);
    }
}
