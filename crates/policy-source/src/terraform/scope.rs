//! What an expression is evaluated with: the locals and identity providers of its file, the variables of `for`,
//! `for_each` and `dynamic`. Locals of the same file count as literal, because nothing outside the file changes them.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use trust_policy::lint::HOLE;

use super::{blocks::instances_by_key, policy_document};
use crate::{
    hcl::{Block, Body, Expression, Step},
    node::{Content, DEEPEST, Node},
    provider_url,
};

/// The limit for one file after evaluation, in values and bytes of text: locals that refer to each other can
/// multiply.
const MOST: usize = 4 * 1024 * 1024;

const PROVIDERS: [&str; 2] = ["aws_iam_openid_connect_provider", "awscc_iam_oidc_provider"];

/// A variable that an expression of the file introduces, and those around it.
#[derive(Debug)]
struct Variable {
    name: String,
    value: Node,
    outer: Variables,
}

/// The innermost variable, if there is one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variables(Option<Rc<Variable>>);

impl Variables {
    /// These variables and one more.
    pub(crate) fn with(&self, name: &str, value: Node) -> Self {
        Self(Some(Rc::new(Variable { name: name.to_owned(), value, outer: self.clone() })))
    }

    fn get(&self, name: &str) -> Option<&Node> {
        let mut next = self.0.as_ref();
        while let Some(variable) = next {
            if variable.name == name {
                return Some(&variable.value);
            }
            next = variable.outer.0.as_ref();
        }
        None
    }
}

/// The locals, providers and documents of a file.
pub(crate) struct Scope<'a> {
    pub(crate) body: &'a Body,
    locals: BTreeMap<&'a str, &'a Expression>,
    /// `None` while the value is computed: a local that needs itself is not literal.
    known_locals: RefCell<BTreeMap<&'a str, Option<Rc<Node>>>>,
    spent: Cell<usize>,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(body: &'a Body) -> Self {
        let blocks = body.blocks.iter().filter(|block| block.kind == "locals");
        let attributes = blocks.flat_map(|block| &block.body.attributes);
        let locals = attributes.map(|(name, value)| (name.as_str(), value)).collect();
        Self { body, locals, known_locals: RefCell::default(), spent: Cell::new(0) }
    }

    /// The value of an expression, as far as it is known.
    pub(crate) fn evaluate(&self, expression: &Expression, variables: &Variables) -> Node {
        self.node(expression, variables, 0)
    }

    pub(super) fn spend(&self, size: usize) {
        self.spent.set(self.spent.get().saturating_add(size));
    }

    pub(super) fn is_spent(&self) -> bool {
        self.spent.get() > MOST
    }

    /// The value that a reference leads to.
    pub(super) fn reference(
        &self,
        root: &str,
        steps: &[Step],
        variables: &Variables,
        depth: usize,
    ) -> Content {
        if let Some(value) = variables.get(root) {
            return self.stepped(value, steps, variables, depth);
        }
        let names: Vec<&str> = steps.iter().filter_map(name_of).collect();
        match (root, names.as_slice(), steps) {
            // Relative to the file that names it, which is in the module's directory.
            ("path", ["module"], _) => Content::Text(".".to_owned()),
            ("local", [name, ..], [_, steps @ ..]) => match self.local(name, depth) {
                Some(value) => self.stepped(&value, steps, variables, depth),
                None => Content::Unknown,
            },
            ("data", [kind, name, ..], [_, _, steps @ ..]) if PROVIDERS.contains(kind) => {
                self.provider(("data", kind, name), steps, variables, depth)
            }
            (kind, [name, ..], [_, steps @ ..]) if PROVIDERS.contains(&kind) => {
                self.provider(("resource", kind, name), steps, variables, depth)
            }
            ("data", [policy_document::KIND, name, ..], [_, _, steps @ ..]) if depth < DEEPEST => {
                self.document(name, steps, variables, depth)
            }
            _ => Content::Unknown,
        }
    }

    /// Whether another expression needed this local.
    pub(super) fn is_used(&self, local: &str) -> bool {
        self.known_locals.borrow().contains_key(local)
    }

    fn local(&self, name: &str, depth: usize) -> Option<Rc<Node>> {
        let (name, expression) = self.locals.get_key_value(name)?;
        if let Some(known) = self.known_locals.borrow().get(name) {
            return known.clone();
        }
        self.known_locals.borrow_mut().insert(name, None);
        let value = Rc::new(self.node(expression, &Variables::default(), depth + 1));
        self.known_locals.borrow_mut().insert(name, Some(Rc::clone(&value)));
        Some(value)
    }

    /// What the steps lead to from a policy document of this file: `json`, of each instance.
    fn document(&self, name: &str, steps: &[Step], variables: &Variables, depth: usize) -> Content {
        let Some(block) = self.find(("data", policy_document::KIND, name)) else { return Content::Unknown };
        let one = |variables: &Variables| {
            let json = policy_document::read(self, block, variables, depth + 1);
            let both = ["json", "minified_json"].map(|name| (name.to_owned(), json.clone()));
            Node::new(block.line, Content::Map(both.into()))
        };
        self.instance(block, &one, steps, variables, depth)
    }

    /// What the steps lead to from a block's value. With `count` all instances are the same.
    fn instance(
        &self,
        block: &Block,
        one: &dyn Fn(&Variables) -> Node,
        steps: &[Step],
        variables: &Variables,
        depth: usize,
    ) -> Content {
        if block.body.attribute("for_each").is_some() {
            let instances = instances_by_key(self, block).unwrap_or_default();
            let all = instances.into_iter().map(|(key, variables)| (key, one(&variables)));
            let all = Node::new(block.line, Content::Map(all.collect()));
            return self.stepped(&all, steps, variables, depth);
        }
        let steps = match steps {
            [Step::Index(_), others @ ..] => others,
            steps => steps,
        };
        self.stepped(&one(&Variables::default()), steps, variables, depth)
    }

    /// What the steps lead to from an identity provider of this file: `arn` and `url`, of each instance.
    fn provider(
        &self,
        address: (&str, &str, &str),
        steps: &[Step],
        variables: &Variables,
        depth: usize,
    ) -> Content {
        let Some(block) = self.find(address).filter(|_| depth < DEEPEST) else { return Content::Unknown };
        let one = |variables: &Variables| {
            let url = block.body.attribute("url").map(|url| self.node(url, variables, depth + 1));
            let url = url.as_ref().and_then(Node::as_text).filter(|url| !url.starts_with(HOLE))?;
            let text = |text: &str| Node::text(block.line, text);
            let arn = ("arn".to_owned(), text(&provider_url::arn(url)));
            let url = ("url".to_owned(), text(provider_url::without_scheme(url)));
            Some(Content::Map(vec![arn, url]))
        };
        let one = |variables: &Variables| Node::new(block.line, one(variables).unwrap_or(Content::Unknown));
        self.instance(block, &one, steps, variables, depth)
    }

    /// The block with this kind and these labels.
    pub(crate) fn find(&self, (kind, label, name): (&str, &str, &str)) -> Option<&'a Block> {
        self.body
            .blocks
            .iter()
            .find(|block| block.kind == kind && block.label(0) == Some(label) && block.label(1) == Some(name))
    }

    /// What the steps lead to from a value.
    pub(super) fn stepped(
        &self,
        value: &Node,
        steps: &[Step],
        variables: &Variables,
        depth: usize,
    ) -> Content {
        let Some((step, others)) = steps.split_first() else { return value.content.clone() };
        if let Content::Either(condition, values) = &value.content {
            let at = |value: &Node| Node::new(value.line, self.stepped(value, steps, variables, depth));
            let [then, otherwise] = values.as_ref();
            return Content::Either(condition.clone(), Box::new([at(then), at(otherwise)]));
        }
        let key = match step {
            Step::Name(name) => Some(name.clone()),
            Step::Index(index) => self.node(index, variables, depth + 1).as_text().map(str::to_owned),
        };
        let next = key.and_then(|key| match &value.content {
            Content::List(nodes) => nodes.get(key.parse::<usize>().ok()?),
            _ => value.at(&key),
        });
        next.map_or(Content::Unknown, |next| self.stepped(next, others, variables, depth))
    }
}

fn name_of(step: &Step) -> Option<&str> {
    if let Step::Name(name) = step { Some(name) } else { None }
}
