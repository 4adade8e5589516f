//! `for` expressions, of lists and of objects.

use super::{
    parser::{Parsed, Parser},
    syntax::{For, Kind},
};

impl Parser<'_> {
    /// A `for` expression behind its bracket, up to the one that closes it.
    pub(super) fn for_expression(&mut self, end: &str) -> Parsed<Option<Kind>> {
        let start = self.at;
        let is_key = |parser: &mut Self| {
            parser.skip_space();
            parser.rest().starts_with(['=', ':', '.', ',', '}', ']', '('])
        };
        if !self.take_keyword("for") || is_key(self) {
            self.at = start;
            return Ok(None);
        }
        let mut names = Vec::new();
        loop {
            let Some(name) = self.take_name() else { return self.error("expected a variable's name") };
            names.push(name.to_owned());
            if !self.take(",") {
                break;
            }
        }
        let Some(value_name) = names.pop() else { return self.error("expected a variable's name") };
        if !self.take_keyword("in") {
            return self.error("expected `in`");
        }
        let collection = self.expression()?;
        self.expect(":", "expected `:`")?;
        let mut value = self.expression()?;
        let key =
            if self.take("=>") { Some(std::mem::replace(&mut value, self.expression()?)) } else { None };
        let is_grouped = self.take("...");
        let condition = if self.take_keyword("if") { Some(self.expression()?) } else { None };
        self.expect(end, "expected the end of the `for` expression")?;
        let key_name = names.pop();
        let each = For { key_name, value_name, collection, key, value, is_grouped, condition };
        Ok(Some(Kind::For(Box::new(each))))
    }
}
