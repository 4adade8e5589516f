//! Policies and claims that nearly match each other, from a seed. They contain only what the guide documents, so each has
//! one correct verdict.

use serde_json::{Map, Value, json};

/// Marsaglia's xorshift: the same on every machine, and no dependency.
pub(crate) struct Random(u64);

const WILD: [char; 2] = ['*', '?'];
/// Few letters, or nothing would ever match. A policy cannot contain the last one.
const LETTERS: [char; 12] = ['a', 'b', 'A', 'B', '/', ':', '.', '\n', 'é', '$', '*', '😀'];
const KEYS: [&str; 5] = ["sub", "aud", "oaud", "email", "amr"];

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap()).unwrap()
    }

    pub(crate) fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    pub(crate) fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    fn text(&mut self, shortest: usize) -> String {
        let length = shortest + self.below(5);
        (0..length).map(|_| self.of(&LETTERS)).collect()
    }

    /// The claims of one token.
    pub(crate) fn claims(&mut self, issuer: &str) -> Value {
        let mut claims = json!({"iss": issuer, "sub": self.text(1), "aud": self.text(1)});
        if self.one_in(3) {
            claims["azp"] = self.text(1).into();
        }
        if self.one_in(2) {
            claims["email"] = self.text(1).into();
        }
        if self.one_in(2) {
            claims["amr"] = (0..self.below(4)).map(|_| self.text(0)).collect();
        }
        claims
    }

    /// A policy that some of its statements' conditions, or all, let `claims` through.
    pub(crate) fn policy(&mut self, claims: &Value, provider: &str) -> Value {
        let version = if self.one_in(8) { "2008-10-17" } else { "2012-10-17" };
        let statements: Vec<Value> = (0..=self.below(2))
            .map(|at| {
                json!({
                    "Effect": if at > 0 && self.one_in(2) { "Deny" } else { "Allow" },
                    "Principal": {"Federated": provider},
                    "Action": "sts:*",
                    "Condition": self.condition(claims, version == "2012-10-17"),
                })
            })
            .collect();
        json!({"Version": version, "Statement": statements})
    }

    fn condition(&mut self, claims: &Value, has_variables: bool) -> Value {
        let mut condition = Map::new();
        for _ in 0..self.below(3) {
            let name = self.of(&KEYS);
            let found = values_of(claims, name);
            let (operator, values) = if self.one_in(10) {
                ("Null".to_owned(), json!([self.of(&["true", "false"])]))
            } else {
                let operator = self.operator(name, &found);
                let count = if self.one_in(20) { 0 } else { 1 + self.below(2) };
                let values = (0..count).map(|_| self.value(claims, &found, has_variables)).collect();
                (operator, values)
            };
            let key = format!("i/O:{name}");
            let key = if self.one_in(4) { key.to_uppercase() } else { key };
            let tests = condition.entry(operator).or_insert(json!({}));
            tests[key] = values;
        }
        condition.into()
    }

    fn operator(&mut self, name: &str, found: &[String]) -> String {
        let quantity = self.of(&["", "", "", "ForAllValues:", "ForAnyValue:"]);
        let mut negation = self.of(&["", "", "Not"]);
        let mut if_exists = self.of(&["", "", "IfExists"]);
        if name == "amr" && !found.is_empty() && quantity.is_empty() {
            negation = "";
        }
        if quantity == "ForAnyValue:" && found.is_empty() {
            if_exists = "";
        }
        let kind = self.of(&["Equals", "EqualsIgnoreCase", "Like", "Like"]);
        format!("{quantity}String{negation}{kind}{if_exists}")
    }

    /// Something like one of the values that are found.
    fn value(&mut self, claims: &Value, found: &[String], has_variables: bool) -> String {
        let start = if found.is_empty() || self.one_in(6) {
            self.text(0)
        } else {
            found[self.below(found.len())].clone()
        };
        let mut value = String::new();
        for letter in start.chars() {
            match self.below(14) {
                0 => value.push('*'),
                1 => value.push('?'),
                2 => value.push(self.of(&LETTERS)),
                3 if has_variables => value.push_str(self.of(&["${*}", "${?}", "${$}"])),
                4 => value.extend(letter.to_uppercase()),
                5 => {}
                _ => value.push(letter),
            }
        }
        if has_variables && self.one_in(8) {
            let name = self.of(&["sub", "aud", "oaud", "email", "nothing"]);
            let is_wild = values_of(claims, name).iter().any(|text| text.contains(WILD));
            let default = if self.one_in(2) { ", 'a*'" } else { "" };
            if !is_wild {
                value.push_str(&format!("${{i/O:{name}{default}}}"));
            }
        }
        if self.one_in(4) {
            value.push('*');
        }
        // What a policy can't hold.
        value.replace('😀', "??")
    }
}

/// The values of a key, which is an empty list if the token doesn't have it.
fn values_of(claims: &Value, name: &str) -> Vec<String> {
    let claim = match name {
        "aud" if claims.get("azp").is_some() => "azp",
        "oaud" if claims.get("azp").is_none() => return Vec::new(),
        "oaud" => "aud",
        name => name,
    };
    match claims.get(claim) {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(list)) => list.iter().map(|text| text.as_str().unwrap().to_owned()).collect(),
        _ => Vec::new(),
    }
}
