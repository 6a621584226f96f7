//! The only way in which an argument vector becomes a line for the remote shell.

use crate::ConnectorError;

/// Every argument in single quotes, so that a POSIX shell passes it on byte for byte.
///
/// # Errors
/// An argument with a NUL, which no program can receive.
pub fn shell_line(argv: &[&str]) -> Result<String, ConnectorError> {
    let mut line = String::new();
    for (index, argument) in argv.iter().enumerate() {
        if argument.contains('\0') {
            return Err(ConnectorError::BadArgument { index });
        }
        if index > 0 {
            line.push(' ');
        }
        line.push('\'');
        line.push_str(&argument.replace('\'', r"'\''"));
        line.push('\'');
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::process::Command;

    fn through_a_shell(arguments: &[String]) -> Vec<u8> {
        let mut argv = vec!["printf", "%s\\0"];
        argv.extend(arguments.iter().map(String::as_str));
        let line = shell_line(&argv).unwrap();
        Command::new("/bin/sh").arg("-c").arg(line).output().unwrap().stdout
    }

    fn joined(arguments: &[String]) -> Vec<u8> {
        arguments.iter().flat_map(|argument| argument.bytes().chain([0])).collect()
    }

    #[test]
    fn a_nul_is_refused() {
        assert_eq!(shell_line(&["ls", "a\0b"]), Err(ConnectorError::BadArgument { index: 1 }));
    }

    #[test]
    fn what_a_shell_would_expand_arrives_as_it_is() {
        let arguments =
            ["$(id)", "`id`", "a'b", "'", "''", "\\", "$HOME", "*", "~", "\n", "a;b", "-n", "", "!!", "\u{e9}"]
                .map(String::from);
        assert_eq!(through_a_shell(&arguments), joined(&arguments));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn any_arguments_pass_a_shell_unchanged(arguments in proptest::collection::vec("[^\0]{0,20}", 1..6)) {
            prop_assert_eq!(through_a_shell(&arguments), joined(&arguments));
        }

        #[test]
        fn quotes_and_backslashes_in_any_order_pass_a_shell_unchanged(arguments in proptest::collection::vec("['\"\\\\$` \n!]{0,12}", 1..4)) {
            prop_assert_eq!(through_a_shell(&arguments), joined(&arguments));
        }
    }
}
