//! Merkle tree hashing and proofs of RFC 9162 section 2.1 (the same as RFC 6962's). Pure: nodes come from the caller.

use sha2::{Digest, Sha256};

pub type Hash = [u8; 32];

/// A perfect subtree: `2^level` leaves starting at leaf `position * 2^level`. Level 0 is a leaf hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Node {
    pub level: u32,
    pub position: u64,
}

pub fn leaf_hash(bytes: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(bytes).finalize().into()
}

fn parent(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The right edge of a growing tree: the roots of its perfect subtrees, largest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    roots: Vec<Hash>,
}

impl Frontier {
    /// # Errors
    /// When the bytes are not one hash for each set bit of `size`.
    pub fn from_parts(size: u64, bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() != 32 * size.count_ones() as usize {
            return Err(format!("a tree of {size} leaves cannot have {} bytes of edge", bytes.len()));
        }
        let roots = bytes.chunks_exact(32).map(|hash| hash.try_into().expect("32 bytes")).collect();
        Ok(Self { size, roots })
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        self.roots.concat()
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf and returns the perfect subtrees that it completed, except the leaf itself.
    pub fn push(&mut self, leaf: Hash) -> Vec<(Node, Hash)> {
        let (mut hash, mut position, mut completed) = (leaf, self.size, Vec::new());
        for level in 1..=self.size.trailing_ones() {
            let left = self.roots.pop().expect("one root for each set bit of the size");
            hash = parent(&left, &hash);
            position /= 2;
            completed.push((Node { level, position }, hash));
        }
        self.roots.push(hash);
        self.size += 1;
        completed
    }

    /// The root of the tree; for no leaves, the hash of nothing.
    pub fn root(&self) -> Hash {
        fold(&self.roots)
    }
}

/// The root over perfect subtrees of falling size.
pub fn fold(roots: &[Hash]) -> Hash {
    let mut from_right = roots.iter().rev();
    let Some(last) = from_right.next() else { return Sha256::digest([]).into() };
    from_right.fold(*last, |right, left| parent(left, &right))
}

/// For each step of the audit path of leaf `index` in a tree of `size` leaves, the nodes to [`fold`] (section 2.1.3.1).
pub fn inclusion_path(index: u64, size: u64) -> Vec<Vec<Node>> {
    let mut path = Vec::new();
    let (mut start, mut end) = (0, size);
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            path.push(cover(middle, end));
            end = middle;
        } else {
            path.push(cover(start, middle));
            start = middle;
        }
    }
    path.reverse();
    path
}

/// The same for a consistency proof between two sizes, `0 < old <= new` (section 2.1.4.1).
pub fn consistency_path(old: u64, new: u64) -> Vec<Vec<Node>> {
    let mut path = Vec::new();
    let (mut start, mut end, mut whole) = (0, new, true);
    while old != end {
        let middle = start + split(end - start);
        if old <= middle {
            path.push(cover(middle, end));
            end = middle;
        } else {
            path.push(cover(start, middle));
            start = middle;
            whole = false;
        }
    }
    if !whole {
        path.push(cover(start, end));
    }
    path.reverse();
    path
}

/// Nodes whose [`fold`] is the root of the first `size` leaves.
pub fn edge(size: u64) -> Vec<Node> {
    cover(0, size)
}

/// The largest power of two below `size`.
fn split(size: u64) -> u64 {
    1 << (63 - (size - 1).leading_zeros())
}

fn cover(mut start: u64, end: u64) -> Vec<Node> {
    let mut nodes = Vec::new();
    while start < end {
        let level = 63 - (end - start).leading_zeros();
        nodes.push(Node { level, position: start >> level });
        start += 1 << level;
    }
    nodes
}

/// The root that an audit path leads to, or `None` when the path does not fit (section 2.1.3.2).
pub fn root_from_inclusion(leaf: Hash, index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    if index >= size {
        return None;
    }
    let (mut node, mut last, mut hash) = (index, size - 1, leaf);
    for step in path {
        if last == 0 {
            return None;
        }
        if node & 1 == 1 || node == last {
            hash = parent(step, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = parent(&hash, step);
        }
        node >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}

/// Whether the tree of `new` leaves begins with the tree of `old` leaves (section 2.1.4.2).
pub fn is_consistent(old: (u64, Hash), new: (u64, Hash), path: &[Hash]) -> bool {
    let ((old_size, old_root), (new_size, new_root)) = (old, new);
    if old_size == 0 || old_size > new_size {
        return false;
    }
    if old_size == new_size {
        return path.is_empty() && old_root == new_root;
    }
    let mut steps = path.iter();
    let first = if old_size.is_power_of_two() { Some(&old_root) } else { steps.next() };
    let Some(first) = first else { return false };
    let (mut node, mut last) = (old_size - 1, new_size - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut old_hash, mut new_hash) = (*first, *first);
    for step in steps {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            old_hash = parent(step, &old_hash);
            new_hash = parent(step, &new_hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = parent(&new_hash, step);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && old_hash == old_root && new_hash == new_root
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn grow(size: u64) -> (Vec<Frontier>, HashMap<(u32, u64), Hash>) {
        let (mut frontier, mut nodes) = (Frontier::default(), HashMap::new());
        let mut history = vec![frontier.clone()];
        for n in 0..size {
            let leaf = leaf_hash(&n.to_be_bytes());
            nodes.insert((0, n), leaf);
            nodes.extend(frontier.push(leaf).into_iter().map(|(node, hash)| ((node.level, node.position), hash)));
            history.push(frontier.clone());
        }
        (history, nodes)
    }

    fn hashes(path: Vec<Vec<Node>>, nodes: &HashMap<(u32, u64), Hash>) -> Vec<Hash> {
        let fold_nodes =
            |step: Vec<Node>| fold(&step.iter().map(|n| nodes[&(n.level, n.position)]).collect::<Vec<_>>());
        path.into_iter().map(fold_nodes).collect()
    }

    #[test]
    fn roots_and_proofs_agree_with_an_independent_implementation() {
        use ct_merkle::mem_backed_tree::MemoryBackedTree;
        let (history, nodes) = grow(70);
        let mut oracle = MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
        for size in 1..=70u64 {
            oracle.push((size - 1).to_be_bytes().to_vec());
            assert_eq!(history[size as usize].root().as_slice(), oracle.root().as_bytes().as_slice());
            for index in 0..size {
                let ours = hashes(inclusion_path(index, size), &nodes);
                assert_eq!(ours.concat(), oracle.prove_inclusion(index as usize).as_bytes(), "{index} of {size}");
            }
            for old in 1..size {
                let ours = hashes(consistency_path(old, size), &nodes);
                let theirs = oracle.prove_consistency((size - old) as usize);
                assert_eq!(ours.concat(), theirs.as_bytes(), "{old} to {size}");
            }
        }
    }

    #[test]
    fn every_true_proof_is_accepted_and_every_other_place_is_refused() {
        let (history, nodes) = grow(40);
        for size in 1..=40u64 {
            let root = history[size as usize].root();
            for index in 0..size {
                let path = hashes(inclusion_path(index, size), &nodes);
                let leaf = nodes[&(0, index)];
                assert_eq!(root_from_inclusion(leaf, index, size, &path), Some(root));
                assert_ne!(root_from_inclusion(leaf, (index + 1) % size.max(2), size, &path), Some(root));
                assert_ne!(root_from_inclusion(leaf_hash(b"other"), index, size, &path), Some(root));
            }
        }
    }

    #[test]
    fn a_log_that_grew_is_consistent_and_a_rewritten_one_is_not() {
        let (history, nodes) = grow(40);
        for new in 1..=40u64 {
            let new_root = history[new as usize].root();
            for old in 1..=new {
                let path = hashes(consistency_path(old, new), &nodes);
                assert!(is_consistent((old, history[old as usize].root()), (new, new_root), &path), "{old} {new}");
                assert!(!is_consistent((old, leaf_hash(b"rewritten")), (new, new_root), &path));
            }
        }
    }
}
