//! A table as text after RFC 4180, with its columns named in the first line. Pure.

/// Rows by the names of their columns, in the order of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Table {
    /// # Errors
    /// What is wrong, with its line.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        if !text.ends_with('\n') {
            return Err("the last line has no end: it was cut off".to_owned());
        }
        let mut records = records(text)?;
        if records.is_empty() {
            return Err("there is no line that names the columns".to_owned());
        }
        let columns = records.remove(0);
        let odd = records.iter().position(|row| row.len() != columns.len());
        if let Some(at) = odd {
            return Err(format!("row {} has {} fields and not {}", at + 1, records[at].len(), columns.len()));
        }
        Ok(Self { columns, rows: records })
    }

    pub(super) fn write(&self) -> String {
        let line = |fields: &Vec<String>| fields.iter().map(|field| quoted(field)).collect::<Vec<_>>().join(",") + "\n";
        std::iter::once(&self.columns).chain(&self.rows).map(line).collect()
    }

    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    pub(super) fn require(&self, name: &str) -> Result<usize, String> {
        self.column(name).ok_or_else(|| format!("there is no column `{name}`"))
    }

    /// The column, which every row has from now on.
    pub(super) fn ensure(&mut self, name: &str) -> usize {
        if let Some(at) = self.column(name) {
            return at;
        }
        self.columns.push(name.to_owned());
        self.rows.iter_mut().for_each(|row| row.push(String::new()));
        self.columns.len() - 1
    }

    pub(super) fn push(&mut self, fields: &[(usize, &str)]) {
        let mut row = vec![String::new(); self.columns.len()];
        fields.iter().for_each(|(at, value)| (*value).clone_into(&mut row[*at]));
        self.rows.push(row);
    }
}

fn quoted(field: &str) -> String {
    let plain = !field.contains(['"', ',', '\n', '\r']) && field.trim() == field;
    if plain { field.to_owned() } else { format!("\"{}\"", field.replace('"', "\"\"")) }
}

fn records(text: &str) -> Result<Vec<Vec<String>>, String> {
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut in_quotes, mut was_quoted, mut line) = (false, false, 1);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if in_quotes && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if in_quotes => in_quotes = false,
            _ if in_quotes => field.push(c),
            '"' if field.is_empty() && !was_quoted => (in_quotes, was_quoted) = (true, true),
            '"' => return Err(format!("line {line}: a quote stands inside a field")),
            ',' => {
                record.push(std::mem::take(&mut field));
                was_quoted = false;
            }
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
                was_quoted = false;
            }
            _ if was_quoted => return Err(format!("line {line}: something follows a closing quote")),
            _ => field.push(c),
        }
        line += usize::from(c == '\n');
    }
    if in_quotes { Err("a quote is never closed".to_owned()) } else { Ok(records) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_table_that_is_cut_off_or_crooked_is_none() {
        for (text, problem) in [
            ("id,login\n1,alice", "cut off"),
            ("", "cut off"),
            ("id,login\n1\n", "1 fields and not 2"),
            ("id\n\"a\n", "never closed"),
            ("id\na\"b\n", "inside a field"),
            ("id\n\"a\"b\n", "follows a closing quote"),
        ] {
            assert!(Table::read(text).unwrap_err().contains(problem), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_back(rows in prop::collection::vec(prop::collection::vec(".*", 3), 0..6)) {
            let rows = rows.into_iter().map(|row| row.into_iter().map(|f| f.replace('\r', "")).collect()).collect();
            let table = Table { columns: ["a", "b c", "d,\"e"].map(str::to_owned).into(), rows };
            prop_assert_eq!(Table::read(&table.write()).unwrap(), table);
        }
    }
}
