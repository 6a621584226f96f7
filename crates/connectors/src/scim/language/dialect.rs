//! How a client departs from the RFCs, as far as its vendor documents it. Everything else is refused.

/// Which client speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// RFC 7643 and RFC 7644 as they are written.
    #[default]
    Strict,
    /// Microsoft Entra ID: booleans as text, paths as keys of a value without a path, a removal that lists what to
    /// remove, a complex value in a list of one, an update of a value that is not there yet.
    Entra,
    /// Okta: whole resources with attributes that nobody asked for, and `id` among what is replaced.
    Okta,
}

impl Dialect {
    pub const ALL: [Self; 3] = [Self::Strict, Self::Entra, Self::Okta];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Entra => "entra",
            Self::Okta => "okta",
        }
    }

    /// `"True"` and `"False"` are booleans.
    pub(super) const fn booleans_as_text(self) -> bool {
        matches!(self, Self::Entra)
    }

    /// What no schema names is left out instead of refused.
    pub(super) const fn ignores_the_unknown(self) -> bool {
        matches!(self, Self::Entra | Self::Okta)
    }

    /// What nobody may write is left out of a change instead of refused.
    pub(super) const fn ignores_the_read_only(self) -> bool {
        matches!(self, Self::Entra | Self::Okta)
    }

    /// One value stands for a list of one, and a list of one for its value; a text stands for the `value` of a
    /// complex one.
    pub(super) const fn loose_shapes(self) -> bool {
        matches!(self, Self::Entra | Self::Okta)
    }

    /// The keys of a value without a path are paths.
    pub(super) const fn paths_as_keys(self) -> bool {
        matches!(self, Self::Entra)
    }

    /// `remove` lists by `value` what to remove.
    pub(super) const fn removes_by_value(self) -> bool {
        matches!(self, Self::Entra)
    }

    /// A change of a value that no filter finds makes it.
    pub(super) const fn makes_what_is_not_found(self) -> bool {
        matches!(self, Self::Entra)
    }
}

impl std::str::FromStr for Dialect {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|dialect| dialect.as_str() == text).ok_or_else(|| {
            format!("`{text}` is no SCIM client; choose from {}", Self::ALL.map(Self::as_str).join(", "))
        })
    }
}
