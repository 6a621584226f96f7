//! Whose an address is that several records state. Pure.

use super::{Known, Misfit, Sifted, address, put};
use connectors::sources::Record;
use std::collections::HashMap;

/// Of several records with one address the one that had it keeps it; the others keep theirs. Who has none is not taken.
/// Whoever is put back into their place may push out who took it, and is put back once: the time that it takes grows with
/// the records alone.
pub(super) fn settle(known: &Known, numbers: &HashMap<String, usize>, sifted: &mut Sifted) {
    let mut places: Vec<Option<Record>> = std::mem::take(&mut sifted.sound).into_iter().map(Some).collect();
    let (mut claims, mut doubled) = (Claims::default(), Vec::new());
    for (place, record) in places.iter().enumerate() {
        doubled.extend(record.as_ref().and_then(address).and_then(|address| claims.add(address, place)));
    }
    while let Some(claimed) = doubled.pop() {
        let by = claims.0.remove(&claimed).unwrap_or_default();
        let own = |record: &Record| known.get(&record.key).and_then(address);
        let had = |place: &&usize| places[**place].as_ref().and_then(own).as_ref() == Some(&claimed);
        let keeper = by.iter().filter(had).min().copied();
        for place in by.into_iter().filter(|place| Some(*place) != keeper) {
            let Some(mut record) = places[place].take() else { continue };
            let (key, attribute) = (record.key.clone(), "email".to_owned());
            let number = numbers.get(&key).copied().unwrap_or_default();
            let before = known.get(&key);
            sifted.misfits.push(Misfit { number, key, attribute, code: "feed_doubled" });
            match before.and_then(|before| Some((before, address(before).filter(|own| *own != claimed)?))) {
                Some((before, own)) => {
                    put(&mut record, "email", before.attributes.get("email"));
                    places[place] = Some(record);
                    doubled.extend(claims.add(own, place));
                }
                None => sifted.unfit.push(record),
            }
        }
        if let Some(keeper) = keeper {
            claims.0.insert(claimed, vec![keeper]);
        }
    }
    sifted.sound = places.into_iter().flatten().collect();
}

/// The places of the records that state an address.
#[derive(Default)]
struct Claims(HashMap<String, Vec<usize>>);

impl Claims {
    /// Gives the address back where this is the second that states it.
    fn add(&mut self, address: String, place: usize) -> Option<String> {
        let by = self.0.entry(address.clone()).or_default();
        by.push(place);
        (by.len() == 2).then_some(address)
    }
}
