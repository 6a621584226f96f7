//! One connection that is kept between acts, whatever it speaks. Opens none by itself.

use crate::{Class, ConnectorError};
use std::sync::Mutex;

pub(crate) struct Kept<S>(Mutex<Option<S>>);

impl<S> Kept<S> {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// The kept connection, or a fresh one where another act has it.
    pub(crate) async fn or(&self, fresh: impl Future<Output = Result<S, ConnectorError>>) -> Result<S, ConnectorError> {
        let kept = self.0.lock().expect("nothing panics with it").take();
        match kept {
            Some(session) => Ok(session),
            None => fresh.await,
        }
    }

    /// Keeps the connection for the next act, unless this one may have broken it.
    pub(crate) fn keep<T>(&self, session: S, outcome: Result<T, ConnectorError>) -> Result<T, ConnectorError> {
        if outcome.as_ref().err().is_none_or(|error| error.class() == Class::Permanent) {
            *self.0.lock().expect("nothing panics with it") = Some(session);
        }
        outcome
    }
}

/// One act on one connection.
macro_rules! act {
    ($self:ident, $session:ident => $work:expr) => {
        async move {
            let mut $session = $self.kept.or($self.fresh()).await?;
            let outcome = $work.await;
            $self.kept.keep($session, outcome)
        }
        .boxed()
    };
}

pub(crate) use act;
