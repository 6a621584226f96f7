//! A bulk change is one ledger entry with a manifest root: the Merkle root over the lines of the change. One line can
//! later be shown and proven without showing the others.

use crate::tree::{self, Frontier, Hash};
use std::collections::HashMap;

pub fn root(lines: &[Vec<u8>]) -> Hash {
    let mut growing = Growing::default();
    lines.iter().for_each(|line| growing.push(line));
    growing.root()
}

/// The root of lines that are not all at hand at once.
#[derive(Debug, Default)]
pub struct Growing(Frontier);

impl Growing {
    pub fn push(&mut self, line: &[u8]) {
        self.0.push(tree::leaf_hash(line));
    }

    pub fn root(&self) -> Hash {
        self.0.root()
    }
}

/// The audit path of line `index`.
///
/// # Panics
/// When there is no such line.
pub fn proof(lines: &[Vec<u8>], index: u64) -> Vec<Hash> {
    let size = lines.len() as u64;
    assert!(index < size, "line {index} of {size}");
    let (mut frontier, mut nodes) = (Frontier::default(), HashMap::new());
    for (position, line) in (0..).zip(lines) {
        let leaf = tree::leaf_hash(line);
        nodes.insert((0, position), leaf);
        nodes.extend(frontier.push(leaf).into_iter().map(|(node, hash)| ((node.level, node.position), hash)));
    }
    let fold =
        |step: Vec<tree::Node>| tree::fold(&step.iter().map(|n| nodes[&(n.level, n.position)]).collect::<Vec<_>>());
    tree::inclusion_path(index, size).into_iter().map(fold).collect()
}
