//! One authenticated connection: no pool, no cached statement, no statement in a log of ours, an end to every wait.
//! Tells what the server meant by its codes (PostgreSQL, appendix A) and knows no statement by name.

use super::check_name;
use super::verifier::sendable;
use crate::account::cut;
use crate::error::one_line;
use crate::within::{CONNECT_SECONDS, within};
use crate::{ConnectorError, Server, Tls};
use futures::TryStreamExt;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgDatabaseError, PgRow, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use types::Secret;

/// For one statement, on the server's clock and on ours.
const STATEMENT_SECONDS: u64 = 30;
/// How long a statement waits for somebody else's lock.
const LOCK_SECONDS: u64 = 5;

pub(super) struct Session {
    connection: PgConnection,
    address: String,
    login: String,
}

/// Why a statement did not succeed.
#[derive(Debug)]
pub(super) enum Fault {
    /// The server refused it: SQLSTATE, and its words in one line.
    Refused { state: String, detail: String },
    /// Nothing more will be answered on this connection.
    Lost(ConnectorError),
}

impl Session {
    /// # Errors
    /// Those of [`try_open`](Self::try_open), and `LogInRefused`.
    pub(super) async fn open(server: &Server, login: &str, password: &Secret<String>) -> Result<Self, ConnectorError> {
        let refused = || ConnectorError::LogInRefused { address: server.address(), login: cut(login) };
        Self::try_open(server, login, password).await?.ok_or_else(refused)
    }

    /// `None`: the server judged the password and refused it.
    ///
    /// # Errors
    /// `BadServer`, `BadName`, `BadPassword`, `Unreachable`, `Busy`, `Timeout`, `Untrusted`, `Unexpected`.
    pub(super) async fn try_open(
        server: &Server,
        login: &str,
        password: &Secret<String>,
    ) -> Result<Option<Self>, ConnectorError> {
        check_name(login)?;
        sendable(password)?;
        let options = options(server, login, password)?;
        let address = server.address();
        let what = || format!("logging in to `{address}`");
        within(CONNECT_SECONDS, what, async {
            match options.connect().await {
                Ok(connection) => Ok(Some(Self { connection, address: address.clone(), login: login.to_owned() })),
                Err(error) => not_in(error, &address),
            }
        })
        .await
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Runs statements without parameters; several at once are one transaction.
    pub(super) async fn run(&mut self, statements: String) -> Result<(), Fault> {
        let work = sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut self.connection);
        let answer = tokio::time::timeout(limit(), work).await;
        self.answered(answer).map(drop)
    }

    /// Asks with one list of texts as `$1`.
    pub(super) async fn ask(&mut self, question: &'static str, texts: &[String]) -> Result<Vec<PgRow>, Fault> {
        let work = sqlx::query(question).bind(texts).persistent(false).fetch_all(&mut self.connection);
        let answer = tokio::time::timeout(limit(), work).await;
        self.answered(answer)
    }

    /// Reads the rows of one statement one by one; the server refuses several. Ends early when `take` errs.
    pub(super) async fn each(
        &mut self,
        question: String,
        mut take: impl FnMut(&PgRow) -> Result<(), ConnectorError>,
    ) -> Result<Result<(), ConnectorError>, Fault> {
        let work = async {
            let mut rows = sqlx::query(AssertSqlSafe(question)).persistent(false).fetch(&mut self.connection);
            while let Some(row) = rows.try_next().await? {
                if let Err(error) = take(&row) {
                    return Ok(Err(error));
                }
            }
            Ok(Ok(()))
        };
        let answer = tokio::time::timeout(limit(), work).await;
        self.answered(answer)
    }

    /// What a fault means, where no code of it means something special.
    pub(super) fn explain(&self, command: &str, fault: Fault) -> ConnectorError {
        match fault {
            Fault::Lost(error) => error,
            Fault::Refused { state, detail } => match state.as_str() {
                "42501" => ConnectorError::NotPermitted { login: cut(&self.login), detail },
                // Deadlock, lock not available, statement timeout, out of resources.
                "40001" | "40P01" | "55P03" | "55006" | "57014" => self.busy(detail),
                state if state.starts_with("53") => self.busy(detail),
                _ => ConnectorError::Unexpected { command: command.to_owned(), detail },
            },
        }
    }

    /// The same of a statement that was to change something: a connection that was lost has not said whether it did.
    pub(super) fn acted(&self, act: &'static str, fault: Fault) -> ConnectorError {
        let address = self.address.clone();
        match fault {
            Fault::Lost(_) => ConnectorError::AnswerLost { address, act },
            fault => match self.explain(act, fault) {
                ConnectorError::Unexpected { detail, .. } => ConnectorError::Rejected { address, act, detail },
                other => other,
            },
        }
    }

    /// Ends the connection in an orderly way.
    pub(super) async fn close(self) {
        // The server may have gone first, which is what is wanted.
        let _ = tokio::time::timeout(limit(), self.connection.close()).await;
    }

    fn answered<T>(&self, answer: Result<sqlx::Result<T>, tokio::time::error::Elapsed>) -> Result<T, Fault> {
        let what = || format!("a statement on `{}`", self.address);
        match answer {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(fault(error, &self.address)),
            Err(_) => Err(Fault::Lost(ConnectorError::Timeout { what: what(), seconds: limit().as_secs() })),
        }
    }

    fn busy(&self, detail: String) -> ConnectorError {
        ConnectorError::Busy { address: self.address.clone(), detail }
    }
}

/// Longer than the server's own limit, so that its answer arrives.
fn limit() -> std::time::Duration {
    std::time::Duration::from_secs(STATEMENT_SECONDS + 5)
}

fn options(server: &Server, login: &str, password: &Secret<String>) -> Result<PgConnectOptions, ConnectorError> {
    let options = PgConnectOptions::new_without_pgpass()
        .host(server.host()?)
        .port(server.port)
        .username(login)
        .password(password.expose())
        .database(server.database.as_deref().unwrap_or("postgres"))
        .application_name("tenure")
        .statement_cache_capacity(0)
        .options([
            ("statement_timeout", format!("{STATEMENT_SECONDS}s")),
            ("lock_timeout", format!("{LOCK_SECONDS}s")),
            // What anybody put into another schema, or set for the database, is not run with our rights.
            ("search_path", "pg_catalog".to_owned()),
            // An answer means that a crash of the server does not undo it, whatever the server's own default is.
            ("synchronous_commit", "on".to_owned()),
        ])
        .disable_statement_logging();
    Ok(match &server.tls {
        Tls::LoopbackPlain => options.ssl_mode(PgSslMode::Disable),
        Tls::Required { ca_pem: None } => options.ssl_mode(PgSslMode::VerifyFull),
        Tls::Required { ca_pem: Some(pem) } => {
            options.ssl_mode(PgSslMode::VerifyFull).ssl_root_cert_from_pem(pem.clone().into_bytes())
        }
    })
}

/// Why a connection did not come about.
fn not_in<T>(error: sqlx::Error, address: &str) -> Result<Option<T>, ConnectorError> {
    let by_pg_hba = routine(&error) == Some("ClientAuthentication");
    match fault(error, address) {
        Fault::Lost(error) => Err(error),
        Fault::Refused { state, detail } => match state.as_str() {
            "28P01" => Ok(None),
            // No line of pg_hba.conf lets this client in: nobody looked at the password.
            "28000" if !by_pg_hba => Ok(None),
            "53300" | "57P03" => Err(ConnectorError::Busy { address: address.to_owned(), detail }),
            _ => Err(ConnectorError::Unexpected { command: "log in".to_owned(), detail }),
        },
    }
}

fn routine(error: &sqlx::Error) -> Option<&str> {
    error.as_database_error()?.try_downcast_ref::<PgDatabaseError>()?.routine()
}

fn fault(error: sqlx::Error, address: &str) -> Fault {
    let detail = one_line(&error.to_string());
    let address = address.to_owned();
    Fault::Lost(match error {
        sqlx::Error::Database(answer) => {
            let state = answer.code().unwrap_or_default().into_owned();
            let detail = one_line(answer.message());
            // Shut down by an administrator, crashed, or closed for being idle.
            if !matches!(state.as_str(), "57P01" | "57P02" | "57P05") {
                return Fault::Refused { state, detail };
            }
            ConnectorError::Unreachable { address, detail }
        }
        sqlx::Error::Tls(_) => ConnectorError::Untrusted { address, detail },
        sqlx::Error::Io(error) if error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>()) => {
            ConnectorError::Untrusted { address, detail }
        }
        sqlx::Error::Io(_) => ConnectorError::Unreachable { address, detail },
        _ => ConnectorError::Unexpected { command: "the conversation".to_owned(), detail },
    })
}
