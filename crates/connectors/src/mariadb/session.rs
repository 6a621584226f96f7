//! One authenticated connection: no pool, no statement in a log of ours, an end to every wait.
//! Tells what the server meant by its numbers (MariaDB error codes) and knows no statement by name.

use crate::account::cut;
use crate::error::one_line;
use crate::quote_sql::mariadb_login;
use crate::within::{CONNECT_SECONDS, within};
use crate::{ConnectorError, Server, Tls};
use futures::TryStreamExt;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlDatabaseError, MySqlRow, MySqlSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, Row, SqlSafeStr};
use std::time::Duration;
use types::Secret;

/// That a statement is not needed any more is said without an answer, and then the next one waits until the server has
/// acknowledged that, 40 ms. So they are kept.
const STATEMENTS: usize = 32;

/// For one statement.
const STATEMENT: Duration = Duration::from_secs(30);

pub(super) struct Session {
    connection: MySqlConnection,
    address: String,
    login: String,
}

/// Why a statement did not succeed.
#[derive(Debug)]
pub(super) enum Fault {
    /// The server refused it: its number, and its words in one line.
    Refused { number: u16, detail: String },
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
    /// `BadServer`, `BadName`, `Unreachable`, `Busy`, `Timeout`, `Untrusted`, `Unexpected`.
    pub(super) async fn try_open(
        server: &Server,
        login: &str,
        password: &Secret<String>,
    ) -> Result<Option<Self>, ConnectorError> {
        mariadb_login(login)?;
        let options = options(server, login, password)?;
        let address = server.address();
        let what = || format!("logging in to `{address}`");
        within(CONNECT_SECONDS, what, async {
            let connection = async {
                let mut connection = options.connect().await?;
                // Values are quoted for this mode; locks and statements end before ours does.
                connection.execute("set session sql_mode = '', lock_wait_timeout = 5, max_statement_time = 25").await?;
                Ok(connection)
            };
            match connection.await {
                Ok(connection) => Ok(Some(Self { connection, address: address.clone(), login: login.to_owned() })),
                Err(error) => not_in(error, &address),
            }
        })
        .await
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Runs statements without parameters, one after the other until one is refused.
    pub(super) async fn run(&mut self, statements: String) -> Result<(), Fault> {
        let work = sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut self.connection);
        let answer = tokio::time::timeout(STATEMENT, work).await;
        self.answered(answer).map(drop)
    }

    /// Asks with texts for the question's parameters.
    pub(super) async fn ask(&mut self, question: String, texts: &[&str]) -> Result<Vec<MySqlRow>, Fault> {
        let asked = sqlx::query(AssertSqlSafe(question));
        let asked = texts.iter().fold(asked, |asked, text| asked.bind(*text));
        let work = asked.fetch_all(&mut self.connection);
        let answer = tokio::time::timeout(STATEMENT, work).await;
        self.answered(answer)
    }

    /// Reads the rows of one statement one by one, each value as text; the server refuses several statements, which is
    /// asked first. Ends early when `take` errs.
    pub(super) async fn each(
        &mut self,
        question: String,
        mut take: impl FnMut(&MySqlRow) -> Result<(), ConnectorError>,
    ) -> Result<Result<(), ConnectorError>, Fault> {
        let work = async {
            // A prepared statement is one by protocol; what was prepared may be sent as text.
            (&mut self.connection).prepare(AssertSqlSafe(question.clone()).into_sql_str()).await?;
            let mut rows = sqlx::raw_sql(AssertSqlSafe(question)).fetch(&mut self.connection);
            while let Some(row) = rows.try_next().await? {
                if let Err(error) = take(&row) {
                    return Ok(Err(error));
                }
            }
            Ok(Ok(()))
        };
        let answer = tokio::time::timeout(STATEMENT, work).await;
        self.answered(answer)
    }

    /// What a fault means, where no number of it means something special.
    pub(super) fn explain(&self, command: &str, fault: Fault) -> ConnectorError {
        match fault {
            Fault::Lost(error) => error,
            Fault::Refused { number, detail } => match number {
                // Access denied: to a database, a table, a column, a privilege, or for being read only.
                1044 | 1142 | 1143 | 1227 | 1698 | 1699 => {
                    ConnectorError::NotPermitted { login: cut(&self.login), detail }
                }
                // Lock wait, deadlock, statement time, out of memory, read only.
                1205 | 1213 | 1969 | 1037 | 1038 | 1041 | 1290 => {
                    ConnectorError::Busy { address: self.address.clone(), detail }
                }
                _ => ConnectorError::Unexpected { command: command.to_owned(), detail },
            },
        }
    }

    /// The same of a statement that was to change something: a connection that was lost has not said whether it did.
    pub(super) fn acted(&self, act: &'static str, fault: Fault) -> ConnectorError {
        let address = self.address.clone();
        match fault {
            Fault::Lost(_) => ConnectorError::AnswerLost { address, act },
            // Access denied, of a right that is not ours to give.
            Fault::Refused { number: 1045, detail } => ConnectorError::NotPermitted { login: cut(&self.login), detail },
            fault => match self.explain(act, fault) {
                ConnectorError::Unexpected { detail, .. } => ConnectorError::Rejected { address, act, detail },
                other => other,
            },
        }
    }

    /// Ends the connection in an orderly way.
    pub(super) async fn close(self) {
        // The server may have gone first, which is what is wanted.
        let _ = tokio::time::timeout(STATEMENT, self.connection.close()).await;
    }

    fn answered<T>(&self, answer: Result<sqlx::Result<T>, tokio::time::error::Elapsed>) -> Result<T, Fault> {
        let what = || format!("a statement on `{}`", self.address);
        match answer {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(fault(error, &self.address)),
            Err(_) => Err(Fault::Lost(ConnectorError::Timeout { what: what(), seconds: STATEMENT.as_secs() })),
        }
    }
}

/// A column of an answer that is text.
pub(super) fn text(row: &MySqlRow, column: usize) -> Result<String, ConnectorError> {
    row.try_get(column).map_err(|error: sqlx::Error| {
        let detail = one_line(&error.to_string());
        ConnectorError::Unexpected { command: "reading the answer".to_owned(), detail }
    })
}

fn options(server: &Server, login: &str, password: &Secret<String>) -> Result<MySqlConnectOptions, ConnectorError> {
    let options = MySqlConnectOptions::new()
        .host(server.host()?)
        .port(server.port)
        .username(login)
        .password(password.expose())
        .statement_cache_capacity(STATEMENTS)
        .disable_statement_logging();
    let options = match &server.database {
        Some(database) => options.database(database),
        None => options,
    };
    Ok(match &server.tls {
        Tls::LoopbackPlain => options.ssl_mode(MySqlSslMode::Disabled),
        Tls::Required { ca_pem: None } => options.ssl_mode(MySqlSslMode::VerifyIdentity),
        Tls::Required { ca_pem: Some(pem) } => {
            options.ssl_mode(MySqlSslMode::VerifyIdentity).ssl_ca_from_pem(pem.clone().into_bytes())
        }
    })
}

/// Why a connection did not come about.
fn not_in<T>(error: sqlx::Error, address: &str) -> Result<Option<T>, ConnectorError> {
    match fault(error, address) {
        Fault::Lost(error) => Err(error),
        Fault::Refused { number, detail } => match number {
            // For a name that is not there, it answers as for an account without a password.
            1045 | 1698 => Ok(None),
            // Too many connections: of all, of this user, in this hour.
            1040 | 1203 | 1226 => Err(ConnectorError::Busy { address: address.to_owned(), detail }),
            _ => Err(ConnectorError::Unexpected { command: "log in".to_owned(), detail }),
        },
    }
}

fn fault(error: sqlx::Error, address: &str) -> Fault {
    let detail = one_line(&error.to_string());
    let address = address.to_owned();
    Fault::Lost(match error {
        sqlx::Error::Database(answer) => {
            let number = answer.try_downcast_ref::<MySqlDatabaseError>().map_or(0, MySqlDatabaseError::number);
            let detail = one_line(answer.message());
            // Shutting down, killed.
            if !matches!(number, 1053 | 1077 | 1079 | 1317 | 1927) {
                return Fault::Refused { number, detail };
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
