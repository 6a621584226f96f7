//! PEM blocks (RFC 7468) in a text, however they are indented and whatever ends their lines. Pure.

use super::LONGEST;

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";

/// Each whole block with the number of its first line, its lines without white space around them and with LF between.
pub(super) fn blocks(text: &[u8]) -> Vec<(u32, Vec<u8>)> {
    let mut blocks = Vec::new();
    if !contains(text, BEGIN) {
        return blocks;
    }
    let mut open: Option<(u32, Vec<u8>)> = None;
    for (line, number) in text.split(|byte| *byte == b'\n').zip(1..) {
        let line = line.trim_ascii();
        if let Some(at) = find(line, BEGIN) {
            open = Some((number, line[at..].to_vec()));
            continue;
        }
        let Some((_, block)) = &mut open else { continue };
        if line.is_empty() {
            continue;
        }
        block.push(b'\n');
        block.extend_from_slice(line);
        if line.starts_with(END) {
            if let Some((_, block)) = &mut open {
                trim_end(block);
            }
            blocks.extend(open.take());
        } else if block.len() > LONGEST {
            open = None;
        }
    }
    blocks
}

/// Drops what stands after the last line's dashes, such as a quote.
fn trim_end(block: &mut Vec<u8>) {
    while block.last().is_some_and(|byte| *byte != b'-') {
        block.pop();
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

fn contains(text: &[u8], wanted: &[u8]) -> bool {
    find(text, wanted).is_some()
}
