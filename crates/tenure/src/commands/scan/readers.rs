//! Threads that look through files while others are read.

use super::{Piece, Reading, Tally};
use crate::exit::Failed;
use indicatif::ProgressBar;
use privilege::hygiene::Collector;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

const MOST_THREADS: usize = 8;
/// Files that wait to be looked through.
const AHEAD: usize = 16;

/// Runs the source on this thread, and gives what it reads to the others.
pub(super) fn read(
    collector: Collector,
    bar: ProgressBar,
    source: impl FnOnce(&mut Reading<'_>) -> Result<(), Failed>,
) -> Result<(Collector, Tally), Failed> {
    let threads = thread::available_parallelism().map_or(1, |n| n.get().min(MOST_THREADS));
    let mut collectors: Vec<Collector> = (1..threads).map(|_| collector.again()).collect();
    collectors.push(collector);
    let (give, take) = sync_channel(AHEAD);
    let take = Mutex::new(take);
    let (tally, collected) = thread::scope(|scope| {
        let take = &take;
        let workers = collectors.into_iter().map(|collector| scope.spawn(move || look(collector, take)));
        let workers: Vec<_> = workers.collect();
        let tally = {
            // All that look end once this end of the channel is gone.
            let give = give;
            let hand = |piece| give.send(piece).expect("whoever looks outlives whoever reads");
            let mut reading = Reading { give: &hand, bar: &bar, tally: Tally::default() };
            source(&mut reading).map(|()| reading.tally)
        };
        let collected: Vec<_> =
            workers.into_iter().map(|worker| worker.join().expect("the splitter is total")).collect();
        (tally, collected)
    });
    let tally = tally?;
    let mut collected = collected.into_iter();
    let mut whole = collected.next().expect("at least one thread looked");
    collected.for_each(|other| whole.merge(other));
    Ok((whole, tally))
}

fn look(mut collector: Collector, take: &Mutex<Receiver<Piece>>) -> Collector {
    loop {
        let next = take.lock().expect("no holder panics").recv();
        let Ok(Piece { place, content }) = next else { return collector };
        collector.read(&place, &content);
    }
}
