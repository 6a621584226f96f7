//! Reads every account and role with what they are in, and the rights that were granted directly. Changes nothing.
//! The server's tables know no snapshot: a listing counts before and after, and is broken where it is neither nor between.

use super::role::{GRANT, Meant, Named, POWERS, meant, power, role, role_id};
use super::session::{Session, text};
use super::system::System;
use crate::ConnectorError;
use crate::connector::{
    Account, AccountKind, AccountRef, Attributes, Entitlement, EntitlementKind, Health, Held, Member, Membership,
    NativeId, PAGE_OBJECTS, Page, Pages, Part, Status,
};
use futures::StreamExt;
use std::collections::{HashSet, VecDeque};

const ROWS_A_PAGE: usize = 400;

pub(super) async fn health(session: &mut Session) -> Result<Health, ConnectorError> {
    let rows = ask(session, "select version(), current_user()", &[]).await?;
    let row = rows.first().ok_or_else(|| unreadable("it did not say who we are"))?;
    Ok(Health { says: format!("MariaDB {} as {}", text(row, 0)?, text(row, 1)?) })
}

/// A row of `mysql.user`: an account or a role.
pub(super) struct User {
    pub(super) named: Named,
    is_role: bool,
    locked: bool,
    pub(super) default_role: String,
    powers: Vec<&'static str>,
}

impl User {
    fn of(row: &sqlx::mysql::MySqlRow) -> Result<Self, ConnectorError> {
        let mut powers = Vec::new();
        for (place, (_, right)) in POWERS.into_iter().enumerate() {
            if text(row, 5 + place)? == "Y" {
                powers.push(right);
            }
        }
        Ok(Self {
            named: Named { user: text(row, 0)?, host: text(row, 1)? },
            is_role: text(row, 2)? == "Y",
            locked: text(row, 3)? == "1",
            default_role: text(row, 4)?,
            powers,
        })
    }

    pub(super) fn is_built_in(&self, us: &str) -> bool {
        self.named.is_the_servers() || self.named.id().0 == us
    }

    fn account(&self, us: &str) -> Account {
        Account {
            id: self.named.id(),
            login: self.named.login(),
            status: if self.locked { Status::Disabled } else { Status::Enabled },
            attributes: Attributes::new(),
            privileged: self.powers.iter().map(|right| power(right).name).collect(),
            last_used_at: None,
            kind: if self.is_built_in(us) { AccountKind::BuiltIn } else { AccountKind::Ordinary },
        }
    }

    fn member(&self) -> Member {
        if self.is_role { Member::Entitlement(role_id(&self.named.user)) } else { Member::Account(self.named.id()) }
    }
}

/// The question for users, up to the word `where`; each column is text.
fn users() -> String {
    let powers: String = POWERS.into_iter().map(|(column, _)| format!(", u.{column}")).collect();
    format!(
        "select convert(u.User using utf8mb4), convert(u.Host using utf8mb4), convert(u.is_role using utf8mb4), \
         coalesce(convert(json_value(g.Priv, '$.account_locked') using utf8mb4), ''), \
         coalesce(convert(u.default_role using utf8mb4), ''){powers} \
         from mysql.user u join mysql.global_priv g on g.Host = u.Host and g.User = u.User \
         and cast(g.User as binary) = cast(u.User as binary) and cast(g.Host as binary) = cast(u.Host as binary) where "
    )
}

/// # Errors
/// In the stream: those of logging in, `NotPermitted`, `Busy`, `Unexpected`, and `BrokenListing` where more or less came
/// than was there.
pub(super) fn list(system: &System) -> Pages<'_> {
    let pages = futures::stream::try_unfold(Some(Reading::default()), move |reading| async move {
        let Some(mut reading) = reading else { return Ok(None) };
        loop {
            if let Some(part) = reading.waiting.pop_front() {
                return Ok(Some((Page::Part(part), Some(reading))));
            }
            if reading.exhausted {
                reading.end().await?;
                return Ok(Some((Page::End, None)));
            }
            reading.read_more(system).await?;
        }
    });
    pages.boxed()
}

#[derive(Default)]
struct Reading {
    /// None before the first page.
    session: Option<Session>,
    us: String,
    /// The last one seen.
    after: Option<Named>,
    counted: u64,
    came: u64,
    grants: HashSet<NativeId>,
    waiting: VecDeque<Part>,
    exhausted: bool,
}

impl Reading {
    async fn read_more(&mut self, system: &System) -> Result<(), ConnectorError> {
        if self.session.is_none() {
            let mut session = system.fresh().await?;
            self.us = us(&mut session).await?;
            self.counted = count(&mut session).await?;
            self.session = Some(session);
            let powers = POWERS.into_iter().map(|(_, right)| power(right)).collect();
            self.waiting.push_back(Part { entitlements: powers, ..Part::default() });
        }
        let session = self.session.as_mut().expect("it was opened above");
        let order = format!("order by cast(u.User as binary), cast(u.Host as binary) limit {ROWS_A_PAGE}");
        let rows = match &self.after {
            None => ask(session, &format!("{} true {order}", users()), &[]).await?,
            Some(Named { user, host }) => {
                let later = "(cast(u.User as binary), cast(u.Host as binary)) > (cast(? as binary), cast(? as binary))";
                ask(session, &format!("{} {later} {order}", users()), &[user, host]).await?
            }
        };
        let users = rows.iter().map(User::of).collect::<Result<Vec<_>, _>>()?;
        self.exhausted = users.len() < ROWS_A_PAGE;
        self.came += users.len() as u64;
        let (Some(first), Some(last)) = (users.first(), users.last()) else { return Ok(()) };
        let granted = granted(session, &first.named.user, &last.named.user).await?;
        let roles = roles_of(session, &first.named.user, &last.named.user).await?;
        self.after = Some(last.named.clone());

        let new = granted.iter().map(|(_, grant)| grant).filter(|grant| self.grants.insert(grant.id.clone()));
        let new: Vec<Entitlement> = new.cloned().collect();
        for some in new.chunks(PAGE_OBJECTS) {
            self.waiting.push_back(Part { entitlements: some.to_vec(), ..Part::default() });
        }
        let mut part = Part::default();
        for user in &users {
            let member = user.member();
            if user.is_role {
                part.entitlements.push(role(&user.named.user, &user.powers));
            } else {
                part.accounts.push(user.account(&self.us));
                part.memberships.extend(
                    user.powers.iter().map(|right| Membership { member: member.clone(), entitlement: power(right).id }),
                );
                part.memberships.extend(
                    granted
                        .iter()
                        .filter(|(who, _)| *who == user.named)
                        .map(|(_, grant)| Membership { member: member.clone(), entitlement: grant.id.clone() }),
                );
            }
            part.memberships.extend(
                roles
                    .iter()
                    .filter(|(who, _)| *who == user.named)
                    .map(|(_, name)| Membership { member: member.clone(), entitlement: role_id(name) }),
            );
        }
        self.waiting.push_back(part);
        Ok(())
    }

    async fn end(mut self) -> Result<(), ConnectorError> {
        let Some(mut session) = self.session.take() else { return Ok(()) };
        let after = count(&mut session).await?;
        let address = session.address().to_owned();
        session.close().await;
        // Each page begins behind the last user of the one before, so who is there all the time comes once.
        if (after.min(self.counted)..=after.max(self.counted)).contains(&self.came) {
            return Ok(());
        }
        let detail = format!("{} users came, of {} before and {after} after", self.came, self.counted);
        Err(ConnectorError::BrokenListing { address, detail })
    }
}

async fn count(session: &mut Session) -> Result<u64, ConnectorError> {
    let rows = ask(session, "select cast(count(*) as char) from mysql.user", &[]).await?;
    let counted = rows.first().map(|row| text(row, 0)).transpose()?.and_then(|count| count.parse().ok());
    counted.ok_or_else(|| unreadable("it did not count its users"))
}

/// Who we are to the server, as an id.
pub(super) async fn us(session: &mut Session) -> Result<String, ConnectorError> {
    let rows = ask(session, "select current_user()", &[]).await?;
    rows.first().map_or_else(|| Err(unreadable("it did not say who we are")), |row| text(row, 0))
}

/// # Errors
/// `NotPermitted`, `Busy`, `Unexpected`, those of a lost connection.
pub(super) async fn read(session: &mut Session, account: &AccountRef) -> Result<Option<Held>, ConnectorError> {
    let Some(user) = find(session, account).await? else { return Ok(None) };
    let us = us(session).await?;
    let name = &user.named.user;
    let mut entitlements: Vec<Entitlement> = user.powers.iter().map(|right| power(right)).collect();
    for (_, role_name) in roles_of(session, name, name).await?.into_iter().filter(|(who, _)| *who == user.named) {
        let rows = ask(
            session,
            &format!("{} u.is_role = 'Y' and cast(u.User as binary) = cast(? as binary)", users()),
            &[&role_name],
        )
        .await?;
        let powers = rows.first().map(User::of).transpose()?.map(|role| role.powers).unwrap_or_default();
        entitlements.push(role(&role_name, &powers));
    }
    let granted = granted(session, name, name).await?.into_iter().filter(|(who, _)| *who == user.named);
    entitlements.extend(granted.map(|(_, grant)| grant));
    Ok(Some(Held { account: user.account(&us), entitlements }))
}

/// # Errors
/// As of [`read`].
pub(super) async fn members(
    session: &mut Session,
    entitlement: &NativeId,
) -> Result<Option<Vec<Member>>, ConnectorError> {
    match meant(entitlement) {
        Meant::Nothing => Ok(None),
        Meant::Power(right) => {
            let column = POWERS.iter().find(|(_, known)| *known == right).map_or("Super_priv", |(column, _)| column);
            let rows = ask(session, &format!("{} u.is_role = 'N' and u.{column} = 'Y'", users()), &[]).await?;
            rows.iter().map(|row| User::of(row).map(|user| user.member())).collect::<Result<_, _>>().map(Some)
        }
        Meant::Grant => {
            let all = granted(session, "", "\u{ffff}").await?.into_iter().filter(|(_, grant)| grant.id == *entitlement);
            let members: Vec<Member> = all.map(|(who, _)| Member::Account(who.id())).collect();
            Ok((!members.is_empty()).then_some(members))
        }
        Meant::Role(name) => {
            if !is_role(session, name).await? {
                return Ok(None);
            }
            let question = "select convert(User using utf8mb4), convert(Host using utf8mb4) from mysql.roles_mapping \
                where cast(Role as binary) = cast(? as binary)";
            let rows = ask(session, question, &[name]).await?;
            let member = |row: &sqlx::mysql::MySqlRow| {
                let (user, host) = (text(row, 0)?, text(row, 1)?);
                let id = Named { user: user.clone(), host: host.clone() }.id();
                Ok(if host.is_empty() { Member::Entitlement(role_id(&user)) } else { Member::Account(id) })
            };
            rows.iter().map(member).collect::<Result<_, _>>().map(Some)
        }
    }
}

pub(super) async fn is_role(session: &mut Session, name: &str) -> Result<bool, ConnectorError> {
    let question = "select convert(User using utf8mb4) from mysql.user \
        where is_role = 'Y' and cast(User as binary) = cast(? as binary)";
    Ok(!ask(session, question, &[name]).await?.is_empty())
}

/// The account that is meant. One that comes from everywhere goes before one whose host makes the same login.
///
/// # Errors
/// As of [`read`].
pub(super) async fn find(session: &mut Session, account: &AccountRef) -> Result<Option<User>, ConnectorError> {
    let rows = match &account.id {
        Some(id) => {
            let Some(Named { user, host }) = Named::of_id(id) else { return Ok(None) };
            let which = "u.is_role = 'N' and cast(u.User as binary) = cast(? as binary) \
                and cast(u.Host as binary) = cast(? as binary)";
            ask(session, &format!("{} {which}", users()), &[&user, &host]).await?
        }
        None => {
            let which = "u.is_role = 'N' and cast(if(u.Host = '%', u.User, concat(u.User, '@', u.Host)) as binary) \
                = cast(? as binary) order by u.Host = '%' desc";
            ask(session, &format!("{} {which}", users()), &[&account.login]).await?
        }
    };
    rows.first().map(User::of).transpose()
}

/// Who is in which role, of the users from `first` to `last`.
async fn roles_of(session: &mut Session, first: &str, last: &str) -> Result<Vec<(Named, String)>, ConnectorError> {
    let question = "select convert(User using utf8mb4), convert(Host using utf8mb4), convert(Role using utf8mb4) \
        from mysql.roles_mapping where cast(User as binary) between cast(? as binary) and cast(? as binary) \
        order by 3, 1, 2";
    let rows = ask(session, question, &[first, last]).await?;
    rows.iter().map(|row| Ok((Named { user: text(row, 0)?, host: text(row, 1)? }, text(row, 2)?))).collect()
}

/// What was granted to accounts directly: one entitlement for each place and right.
async fn granted(session: &mut Session, first: &str, last: &str) -> Result<Vec<(Named, Entitlement)>, ConnectorError> {
    let question = "select distinct convert(u.User using utf8mb4), convert(u.Host using utf8mb4), p.place, lower(p.right_) \
        from mysql.user u join ( \
          select GRANTEE as grantee, concat('all of ', TABLE_SCHEMA) as place, PRIVILEGE_TYPE as right_ \
          from information_schema.SCHEMA_PRIVILEGES \
          union all select GRANTEE, concat('tables of ', TABLE_SCHEMA), PRIVILEGE_TYPE \
          from information_schema.TABLE_PRIVILEGES \
        ) p on cast(p.grantee as binary) = cast(concat('''', u.User, '''@''', u.Host, '''') as binary) \
        where u.is_role = 'N' and p.right_ <> 'USAGE' \
        and cast(u.User as binary) between cast(? as binary) and cast(? as binary) order by 1, 2, 3, 4";
    let rows = ask(session, question, &[first, last]).await?;
    let grant = |row: &sqlx::mysql::MySqlRow| {
        let who = Named { user: text(row, 0)?, host: text(row, 1)? };
        let (place, right) = (text(row, 2)?, text(row, 3)?);
        let entitlement = Entitlement {
            id: NativeId(format!("{GRANT}{place}/{right}")),
            kind: EntitlementKind::DatabaseGrant,
            name: format!("{right} on {place}"),
            privileged: None,
        };
        Ok((who, entitlement))
    };
    rows.iter().map(grant).collect()
}

pub(super) async fn ask(
    session: &mut Session,
    question: &str,
    texts: &[&str],
) -> Result<Vec<sqlx::mysql::MySqlRow>, ConnectorError> {
    session.ask(question.to_owned(), texts).await.map_err(|fault| session.explain("reading accounts", fault))
}

fn unreadable(detail: &str) -> ConnectorError {
    ConnectorError::Unexpected { command: "reading the answer".to_owned(), detail: detail.to_owned() }
}
