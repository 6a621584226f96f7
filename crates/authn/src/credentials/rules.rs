//! Which passwords are refused (NIST SP 800-63B: length counts, composition rules do not). Pure.

const MIN_CHARS: usize = 12;
pub(crate) const MAX_BYTES: usize = 1024;
const MIN_DISTINCT: usize = 5;
/// Shorter pieces of a name appear in good passwords by chance.
const MIN_PIECE: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("the password is shorter than 12 characters: choose a longer one")]
    TooShort,
    #[error("the password is longer than 1024 bytes: choose a shorter one")]
    TooLong,
    #[error("the password repeats too few characters: choose one with at least five different ones")]
    TooUniform,
    #[error("the password contains your own name: choose one without it")]
    OwnName,
}

pub(crate) fn check(password: &str, sign_in_name: &str) -> Result<(), WeakPassword> {
    let mut distinct: Vec<char> = password.chars().collect();
    if distinct.len() < MIN_CHARS {
        return Err(WeakPassword::TooShort);
    }
    if password.len() > MAX_BYTES {
        return Err(WeakPassword::TooLong);
    }
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < MIN_DISTINCT {
        return Err(WeakPassword::TooUniform);
    }
    let lower = password.to_lowercase();
    if own_names(sign_in_name).any(|piece| lower.contains(piece)) {
        return Err(WeakPassword::OwnName);
    }
    Ok(())
}

/// The whole name, its part before the `@`, and the words of that part.
fn own_names(sign_in_name: &str) -> impl Iterator<Item = &str> {
    let local = sign_in_name.split('@').next().unwrap_or_default();
    let words = local.split(|c: char| !c.is_alphanumeric());
    [sign_in_name, local].into_iter().chain(words).filter(|piece| piece.chars().count() >= MIN_PIECE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_refused_when_it_is_short_uniform_or_ones_own_name() {
        let name = "alice.winter@example.com";
        for (password, verdict) in [
            ("correct horse battery", Ok(())),
            ("пароль-подлиннее", Ok(())),
            ("elevenchars", Err(WeakPassword::TooShort)),
            ("", Err(WeakPassword::TooShort)),
            ("aaaabbbbcccc", Err(WeakPassword::TooUniform)),
            ("Alice-likes-tea", Err(WeakPassword::OwnName)),
            ("the WINTER of 1962", Err(WeakPassword::OwnName)),
            ("alice.winter@example.com", Err(WeakPassword::OwnName)),
        ] {
            assert_eq!(check(password, name), verdict, "{password}");
        }
        assert_eq!(check("bob builds a bridge", "bob@example.com"), Ok(()));
        assert_eq!(check(&"abcdef".repeat(200), name), Err(WeakPassword::TooLong));
    }
}
