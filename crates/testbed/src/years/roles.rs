//! Which systems the company has and which roles give what there. As data: the product is told the same in its own
//! words, the oracle goes by these.

use super::people::{Kind, Written};

/// Entitlements of a system, by the names that they have there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    pub system: &'static str,
    pub entitlement: &'static str,
    pub privileged: bool,
}

const fn ordinary(system: &'static str, entitlement: &'static str) -> Grant {
    Grant { system, entitlement, privileged: false }
}

const fn privileged(system: &'static str, entitlement: &'static str) -> Grant {
    Grant { system, entitlement, privileged: true }
}

/// A role and whom it is for. Absent tests are true of everybody.
#[derive(Debug)]
pub struct Role {
    pub name: &'static str,
    pub department: Option<&'static str>,
    pub job_title: Option<&'static str>,
    pub kind: Option<Kind>,
    pub grants: &'static [Grant],
    /// The name of a role that nobody may hold together with this one, not even for an hour.
    pub conflicts_with: Option<&'static str>,
}

impl Role {
    pub fn is_for(&self, written: &Written, kind: Kind) -> bool {
        self.department.is_none_or(|department| department == written.department)
            && self.job_title.is_none_or(|title| title == written.job_title)
            && self.kind.is_none_or(|wanted| wanted == kind)
    }

    /// The same as a Cedar condition over the attributes `department`, `job_title` and `worker`.
    pub fn condition(&self) -> String {
        let tests = [
            self.department.map(|value| format!("principal.department == \"{value}\"")),
            self.job_title.map(|value| format!("principal.job_title == \"{value}\"")),
            self.kind.map(|value| format!("principal has worker && principal.worker == \"{}\"", value.as_str())),
        ];
        let tests: Vec<String> = tests.into_iter().flatten().collect();
        if tests.is_empty() { "true".to_owned() } else { tests.join(" && ") }
    }
}

/// An OpenLDAP, an Active Directory, two databases, two hosts, a SCIM service, an application with an HTTP API, and the
/// badges that a person hands out.
pub const SYSTEMS: [&str; 9] =
    ["directory", "ad", "postgres", "mariadb", "web-1", "web-2", "helpdesk", "app", "badges"];

/// Departments with the titles in them; the first is that of the head.
pub const DEPARTMENTS: [(&str, &[&str]); 9] = [
    (
        "Platform",
        &["Head of Platform", "Site Reliability Engineer", "Platform Engineer", "Build Engineer", "Release Engineer"],
    ),
    ("Data", &["Head of Data", "Data Analyst", "Data Engineer"]),
    ("Finance", &["Head of Finance", "Accountant", "Controller"]),
    ("Procurement", &["Head of Procurement", "Buyer"]),
    ("Sales", &["Head of Sales", "Account Executive", "Sales Engineer"]),
    ("Support", &["Head of Support", "Support Agent"]),
    ("IT", &["Head of IT", "IT Administrator", "IT Support"]),
    ("HR", &["Head of People", "Recruiter"]),
    ("Legal", &["General Counsel", "Lawyer"]),
];

const fn by_department(name: &'static str, department: &'static str, grants: &'static [Grant]) -> Role {
    Role { name, department: Some(department), job_title: None, kind: None, grants, conflicts_with: None }
}

pub static ROLES: [Role; 15] = [
    Role {
        name: "staff",
        department: None,
        job_title: None,
        kind: None,
        grants: &[ordinary("directory", "staff"), ordinary("ad", "all-staff")],
        conflicts_with: None,
    },
    Role {
        name: "employee",
        department: None,
        job_title: None,
        kind: Some(Kind::Employee),
        grants: &[ordinary("directory", "employees")],
        conflicts_with: None,
    },
    by_department("platform", "Platform", &[ordinary("ad", "dept-platform"), ordinary("postgres", "app_read")]),
    Role {
        name: "platform-oncall",
        department: Some("Platform"),
        job_title: Some("Site Reliability Engineer"),
        kind: Some(Kind::Employee),
        grants: &[
            privileged("ad", "server-admins"),
            ordinary("web-1", "deploy"),
            ordinary("web-2", "deploy"),
            privileged("web-1", "ops"),
            privileged("web-2", "ops"),
            privileged("postgres", "app_admin"),
        ],
        conflicts_with: None,
    },
    by_department(
        "data",
        "Data",
        &[ordinary("ad", "dept-data"), ordinary("postgres", "reporting_read"), ordinary("mariadb", "shop_read")],
    ),
    Role {
        name: "data-engineer",
        department: Some("Data"),
        job_title: Some("Data Engineer"),
        kind: None,
        grants: &[privileged("postgres", "reporting_admin")],
        conflicts_with: None,
    },
    Role {
        name: "invoice-payer",
        department: Some("Finance"),
        job_title: None,
        kind: None,
        grants: &[ordinary("ad", "dept-finance"), ordinary("mariadb", "payments_write")],
        conflicts_with: Some("supplier-maker"),
    },
    Role {
        name: "supplier-maker",
        department: Some("Procurement"),
        job_title: None,
        kind: None,
        grants: &[ordinary("ad", "dept-procurement"), ordinary("mariadb", "suppliers_write")],
        conflicts_with: Some("invoice-payer"),
    },
    by_department(
        "sales",
        "Sales",
        &[ordinary("ad", "dept-sales"), ordinary("helpdesk", "crm"), ordinary("app", "quotes")],
    ),
    by_department(
        "support",
        "Support",
        &[ordinary("ad", "dept-support"), ordinary("mariadb", "shop_read"), ordinary("helpdesk", "agents")],
    ),
    by_department("it", "IT", &[ordinary("ad", "dept-it"), ordinary("app", "status")]),
    Role {
        name: "it-admin",
        department: Some("IT"),
        job_title: Some("IT Administrator"),
        kind: None,
        grants: &[
            privileged("ad", "account-operators"),
            privileged("directory", "directory-admins"),
            privileged("app", "keepers"),
        ],
        conflicts_with: None,
    },
    by_department("people", "HR", &[ordinary("ad", "dept-hr"), ordinary("directory", "people-team")]),
    by_department(
        "legal",
        "Legal",
        &[ordinary("ad", "dept-legal"), ordinary("directory", "legal-hold"), ordinary("badges", "archive-room")],
    ),
    by_department("executive", "Executive", &[ordinary("ad", "executives"), ordinary("badges", "top-floor")]),
];

/// What somebody may be given by hand, beside their roles.
pub static BY_HAND: [Grant; 3] =
    [ordinary("directory", "book-club"), ordinary("ad", "fire-wardens"), privileged("postgres", "archive_read")];

/// Every entitlement of every system, once.
pub fn entitlements() -> std::collections::BTreeSet<Grant> {
    ROLES.iter().flat_map(|role| role.grants).chain(&BY_HAND).copied().collect()
}
