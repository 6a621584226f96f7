//! Looking for secrets in bytes, in every form that they might have there.

use data_encoding::{BASE64, BASE64URL, HEXLOWER, HEXUPPER};
use std::path::{Path, PathBuf};

pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            files.extend(files_below(&entry.path()));
        } else {
            files.push(entry.path());
        }
    }
    files
}

/// As it is, in hex, in UTF-16, and in base64 wherever it stands in what was encoded.
pub(crate) fn forms(canary: &str) -> Vec<Vec<u8>> {
    let bytes = canary.as_bytes();
    let mut forms = vec![
        bytes.to_vec(),
        HEXLOWER.encode(bytes).into_bytes(),
        HEXUPPER.encode(bytes).into_bytes(),
        canary.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    ];
    for before in 0..3 {
        let padded = [&vec![0; before], bytes].concat();
        // Characters that neighbours have no part in.
        let (from, until) = ((before * 8).div_ceil(6), padded.len() * 8 / 6);
        for encoding in [&BASE64, &BASE64URL] {
            forms.push(encoding.encode(&padded).as_bytes()[from..until].to_vec());
        }
    }
    forms.sort();
    forms.dedup();
    forms
}

/// Where one of them begins.
pub(crate) fn found_in(haystack: &[u8], needles: &[Vec<u8>]) -> Vec<usize> {
    let mut begins = [false; 256];
    for needle in needles {
        begins[usize::from(needle[0])] = true;
    }
    let mut found = Vec::new();
    for (at, byte) in haystack.iter().enumerate() {
        if begins[usize::from(*byte)] && needles.iter().any(|needle| haystack[at..].starts_with(needle)) {
            found.push(at);
        }
    }
    found
}

#[test]
fn a_secret_is_found_in_every_form_and_wherever_it_stands() {
    let needles = forms("Canary-51");
    let wide: Vec<u8> = "x Canary-51".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(found_in(b"no canary here", &needles), [0; 0]);
    assert_eq!(found_in(&wide, &needles), [4]);
    for before in ["", "x", "xy", "xyz", "\u{ff}\u{fe}"] {
        let plain = format!("{before}Canary-51{before}");
        assert_eq!(found_in(plain.as_bytes(), &needles), [before.len()]);
        for encoded in [BASE64.encode(plain.as_bytes()), BASE64URL.encode(plain.as_bytes())] {
            assert_eq!(found_in(encoded.as_bytes(), &needles).len(), 1, "{encoded}");
        }
        assert_eq!(found_in(HEXLOWER.encode(plain.as_bytes()).as_bytes(), &needles), [before.len() * 2]);
    }
}
