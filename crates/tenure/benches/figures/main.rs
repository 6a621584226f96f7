//! The figures that the project promises, each measured beside its goal, in one run: `cargo xtask bench [NAME…]`.
//! A goal that is missed is shown, and is no error: machines differ. What cannot be measured is.

mod copy;
mod evidence;
mod exec;
mod first_import;
mod idle;
mod ldap_read;
mod leases;
mod reconcile;
mod secrets;
mod served;
mod simulate;
mod table;
mod withdrawal;

use served::Served;
use table::Figure;

const NAMES: [&str; 11] =
    ["evidence", "import", "reconcile", "simulate", "ldap", "secrets", "exec", "withdrawal", "copy", "idle", "leases"];

#[tokio::main]
async fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [reconcile::AGAIN, folder] = &wanted.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        return reconcile::again(folder.as_ref()).await;
    }
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
    match name {
        "evidence" => return evidence::measure().await,
        "import" => return first_import::measure().await,
        "reconcile" => return reconcile::measure().await,
        "simulate" => return simulate::measure().await,
        "ldap" => return ldap_read::measure().await,
        "leases" => return leases::measure().await,
        _ => {}
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
