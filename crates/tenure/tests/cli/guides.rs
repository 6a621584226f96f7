//! The files that the guides show are files that Tenure takes.

use governance::{breakers, mappings, systems};
use privilege::{services, targets};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Services {
    service: Vec<services::Declaration>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Targets {
    target: Vec<targets::Declaration>,
}

fn examples(guide: &str) -> Vec<String> {
    let path = format!("{}/../../docs/{guide}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let blocks = text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.map(str::to_owned).collect()
}

fn is_taken(block: &str) -> Result<(), String> {
    let said = |error: toml::de::Error| format!("{error}\n{block}");
    let first = block.lines().find(|line| line.starts_with("[[")).unwrap_or_default();
    match first {
        "[[service]]" => toml::from_str::<Services>(block).map(|file| drop(file.service)).map_err(said),
        "[[target]]" => toml::from_str::<Targets>(block).map(|file| drop(file.target)).map_err(said),
        "[[system]]" => toml::from_str::<systems::File>(block).map(drop).map_err(said),
        "[[mapping]]" => toml::from_str::<mappings::File>(block).map(drop).map_err(said),
        "[[breaker]]" => toml::from_str::<breakers::File>(block).map(drop).map_err(said),
        other => Err(format!("nothing is called {other}: {block}")),
    }
}

#[test]
fn every_file_of_the_guides_is_one_that_is_taken_and_a_word_that_nobody_knows_is_refused() {
    for (guide, shown) in [("connect-a-system.md", 10), ("breakers.md", 1)] {
        let examples = examples(guide);
        assert_eq!(examples.len(), shown, "{guide}");
        for block in examples {
            assert_eq!(is_taken(&block), Ok(()), "{guide}");
            let name = block.lines().position(|line| line.starts_with("name") || line.starts_with("system"));
            let mut lines: Vec<&str> = block.lines().collect();
            lines.insert(name.unwrap(), "shoe_size = 43");
            assert!(is_taken(&lines.join("\n")).is_err(), "{guide}: {block}");
        }
    }
}
