//! Modules that write a trust policy for web identity from their arguments. Those of `terraform-aws-modules/iam/aws`
//! are judged as what the module makes of its arguments; of others a note says that they were not looked at.

use super::{
    scope::{Scope, Variables},
    values::{list, map_texts, record},
};
use crate::{
    hcl::Block,
    node::{Content, Node},
    note::{Note, Notes},
    policy,
    policy_text::PolicyText,
    provider_url, statement_form,
};

const GITHUB: &str = "token.actions.githubusercontent.com";
const AUDIENCE: &str = "sts.amazonaws.com";

/// How a module names what decides about its trust policy.
struct Arguments {
    /// Operator, argument.
    subjects: &'static [(&'static str, &'static str)],
    audiences: &'static str,
    conditions: &'static str,
}

const ROLE: Arguments = Arguments {
    subjects: &[("StringEquals", "oidc_subjects"), ("StringLike", "oidc_wildcard_subjects")],
    audiences: "oidc_audiences",
    conditions: "trust_policy_conditions",
};
const GITHUB_ROLE: Arguments = Arguments {
    subjects: &[("StringLike", "subjects")],
    audiences: "audience",
    conditions: "additional_trust_policy_conditions",
};
const ASSUMABLE_ROLE: Arguments = Arguments {
    subjects: &[
        ("StringEquals", "oidc_fully_qualified_subjects"),
        ("StringLike", "oidc_subjects_with_wildcards"),
    ],
    audiences: "oidc_fully_qualified_audiences",
    conditions: "provider_trust_policy_conditions",
};

/// Reads the trust policies that a module makes, if this is one that is known.
pub(super) fn read(
    scope: &Scope<'_>,
    block: &Block,
    address: &str,
    variables: &Variables,
    notes: &mut Notes,
    policies: &mut Vec<PolicyText>,
) {
    let module = Module { scope, block, variables };
    let source = module.text("source").unwrap_or_default();
    let path = source.split('?').next().unwrap_or_default();
    let name = path.rsplit_once("//modules/").filter(|_| path.contains("terraform-aws-modules"));
    let statements = match name.map(|(_, name)| name.trim_end_matches('/')) {
        Some("iam-github-oidc-role") => module.github_role(),
        Some("iam-assumable-role-with-oidc") => module.assumable_role(),
        Some("iam-role") => module.role(),
        _ if module.may_write_trust_policy(path) => {
            let text = "this module may write a trust policy for web identity, which was not checked: run `trust \
                        lint` on the output of `terraform show -json` for the plan";
            notes.add(Note::about(block.line, Some(address), text), true);
            return;
        }
        _ => return,
    };
    for statement in statements {
        let values = std::iter::once(&statement);
        let policy = statement_form::policy_of(block.line, values);
        policies.extend(policy.iter().flat_map(|policy| policy::read(Some(address), policy, notes)));
    }
}

struct Module<'a, 'b> {
    scope: &'a Scope<'b>,
    block: &'a Block,
    variables: &'a Variables,
}

impl Module<'_, '_> {
    fn argument(&self, name: &str) -> Option<Node> {
        let value = self.block.body.attribute(name)?;
        let node = self.scope.evaluate(value, self.variables);
        (node.content != Content::Null).then_some(node)
    }

    fn text(&self, name: &str) -> Option<String> {
        self.argument(name).map(|node| node.text_or_hole())
    }

    fn is_on(&self, name: &str) -> bool {
        self.text(name).is_some_and(|text| text != "false")
    }

    /// The name of the module or of its arguments says that subjects of tokens are among them.
    fn may_write_trust_policy(&self, path: &str) -> bool {
        let (path, is_provider) = (path.to_ascii_lowercase(), path.ends_with("provider"));
        let is_oidc_role = path.contains("oidc") && !is_provider && path.contains(['/', '.']);
        let has_subjects = self
            .block
            .body
            .attributes
            .iter()
            .any(|(name, _)| name == "subjects" || (name.contains("subject") && name.contains("oidc")));
        has_subjects || (is_oidc_role && !path.starts_with('.'))
    }

    fn github_role(&self) -> Vec<Node> {
        let issuer = self.text("provider_url").unwrap_or_else(|| GITHUB.to_owned());
        let operator = self.text("subject_condition");
        let audience = self.argument("audience").unwrap_or_else(|| Node::text(self.block.line, AUDIENCE));
        let audience = Some(("ForAllValues:StringEquals", audience));
        vec![self.statement(&GITHUB_ROLE, &issuer, operator.as_deref(), audience, true)]
    }

    fn assumable_role(&self) -> Vec<Node> {
        let mut issuers = self.argument("provider_urls").map(|urls| list(&urls)).unwrap_or_default();
        issuers.extend(self.argument("provider_url"));
        let audience = |issuer: &Node| {
            let audience = self.argument(ASSUMABLE_ROLE.audiences).filter(is_filled);
            let audience = audience.map(|audience| ("StringLike", audience));
            self.statement(&ASSUMABLE_ROLE, &issuer.text_or_hole(), None, audience, false)
        };
        issuers.iter().filter(|issuer| issuer.as_text() != Some("")).map(audience).collect()
    }

    fn role(&self) -> Vec<Node> {
        let own = self.argument(ROLE.audiences).filter(is_filled);
        let urls = self.argument("oidc_provider_urls").map(|urls| list(&urls)).unwrap_or_default();
        let default = || own.clone().unwrap_or_else(|| Node::text(self.block.line, AUDIENCE));
        let mut statements = Vec::new();
        if self.is_on("enable_oidc") {
            let audience = || own.clone().map(|own| ("StringEquals", own));
            let of = |url: &Node| self.statement(&ROLE, &url.text_or_hole(), None, audience(), false);
            statements.extend(urls.iter().map(of));
        }
        let any = Some(("ForAllValues:StringEquals", default()));
        if self.is_on("enable_github_oidc") {
            let issuer = self.text("github_provider").unwrap_or_else(|| GITHUB.to_owned());
            statements.push(self.statement(&ROLE, &issuer, None, any.clone(), true));
        }
        if self.is_on("enable_bitbucket_oidc") {
            let issuer = urls.first().map(Node::text_or_hole).unwrap_or_default();
            statements.push(self.statement(&ROLE, &issuer, None, any, false));
        }
        statements
    }

    /// A statement for the tokens of an issuer. `has_prefix`: the module writes `repo:` before each subject.
    fn statement(
        &self,
        arguments: &Arguments,
        issuer: &str,
        operator: Option<&str>,
        audience: Option<(&str, Node)>,
        has_prefix: bool,
    ) -> Node {
        let line = self.block.line;
        let issuer = provider_url::without_scheme(issuer);
        let mut conditions = Vec::new();
        for (default, name) in arguments.subjects {
            let Some(values) = self.argument(name).filter(is_filled) else { continue };
            let with_prefix = |text: &str| format!("repo:{}", text.strip_prefix("repo:").unwrap_or(text));
            let values = if has_prefix { map_texts(values, &with_prefix) } else { values };
            conditions.push(condition(operator.unwrap_or(default), &format!("{issuer}:sub"), values));
        }
        if let Some((operator, values)) = audience {
            conditions.push(condition(operator, &format!("{issuer}:aud"), values));
        }
        let own = self.argument(arguments.conditions).filter(is_filled);
        let conditions = match own.map(|own| own.content) {
            None => Content::List(conditions),
            Some(Content::List(own)) => Content::List(conditions.into_iter().chain(own).collect()),
            Some(_) => Content::Unknown,
        };
        let principal = record(
            line,
            [
                ("type", Node::text(line, "Federated")),
                ("identifiers", Node::text(line, &provider_url::arn(issuer))),
            ],
        );
        record(
            line,
            [
                ("actions", Node::text(line, "sts:AssumeRoleWithWebIdentity")),
                ("principals", Node::new(line, Content::List(vec![principal]))),
                ("condition", Node::new(line, conditions)),
            ],
        )
    }
}

fn condition(operator: &str, variable: &str, values: Node) -> Node {
    let line = values.line;
    let fields =
        [("test", Node::text(line, operator)), ("variable", Node::text(line, variable)), ("values", values)];
    record(line, fields)
}

fn is_filled(node: &Node) -> bool {
    node.content != Content::List(Vec::new())
}
