//! The figures that the project promises, each measured beside its goal, in one run: `cargo xtask bench [NAME…]`.
//! A goal that is missed is shown, and is no error: machines differ. What cannot be measured is.

mod copy;
mod evidence;
mod exec;
mod idle;
mod leases;
mod secrets;
mod served;
mod table;
mod withdrawal;

use served::Served;
use table::Figure;

const NAMES: [&str; 7] = ["evidence", "secrets", "exec", "withdrawal", "copy", "idle", "leases"];

#[tokio::main]
async fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let Some(unknown) = wanted.iter().find(|name| !NAMES.contains(&name.as_str())) {
        eprintln!("error: there is no figure `{unknown}`; there are {}", NAMES.join(", "));
        std::process::exit(2);
    }
    println!("{}", table::machine());
    for name in NAMES.into_iter().filter(|name| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name)) {
        for figure in measure(name).await {
            println!("{figure}");
        }
    }
}

async fn measure(name: &str) -> Vec<Figure> {
    if name == "evidence" {
        return evidence::measure().await;
    }
    if name == "leases" {
        return leases::measure().await;
    }
    let served = Served::start().await;
    let figures = match name {
        "copy" => copy::measure(&served).await,
        "exec" => exec::measure(&served).await,
        "idle" => idle::measure(&served).await,
        "secrets" => secrets::measure(&served).await,
        _ => withdrawal::measure(&served).await,
    };
    served.stop().await;
    figures
}
