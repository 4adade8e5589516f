//! Expressions.

use super::{
    parser::{Parsed, Parser},
    syntax::{Expression, For, Kind, Operator, SPLAT, Step},
};

/// Binary operators, those that bind least first.
const LEVELS: [&[(&str, Operator)]; 6] = [
    &[("||", Operator::Or)],
    &[("&&", Operator::And)],
    &[("==", Operator::Equal), ("!=", Operator::NotEqual)],
    &[("<=", Operator::Other), (">=", Operator::Other), ("<", Operator::Other), (">", Operator::Other)],
    &[("+", Operator::Other), ("-", Operator::Other)],
    &[("*", Operator::Other), ("/", Operator::Other), ("%", Operator::Other)],
];

impl Parser<'_> {
    pub(crate) fn expression(&mut self) -> Parsed<Expression> {
        let mut expression = self.nested(Self::conditional)?;
        expression.line = expression.line.ending(self.token_end());
        Ok(expression)
    }

    fn conditional(&mut self) -> Parsed<Expression> {
        self.skip_space();
        let line = self.position();
        let condition = self.operations(&LEVELS)?;
        if !self.take("?") {
            return Ok(condition);
        }
        let then = self.expression()?;
        self.expect(":", "expected `:`")?;
        let otherwise = self.expression()?;
        Ok(Expression { line, kind: Kind::Conditional(Box::new([condition, then, otherwise])) })
    }

    fn operations(&mut self, levels: &[&[(&str, Operator)]]) -> Parsed<Expression> {
        let Some((operators, tighter)) = levels.split_first() else { return self.unary() };
        let first = self.operations(tighter)?;
        let mut others = Vec::new();
        while let Some((_, operator)) = operators.iter().find(|(token, _)| self.take(token)) {
            others.push((*operator, self.operations(tighter)?));
        }
        if others.is_empty() {
            return Ok(first);
        }
        Ok(Expression { line: first.line, kind: Kind::Operations(Box::new(first), others) })
    }

    fn unary(&mut self) -> Parsed<Expression> {
        self.skip_space();
        let line = self.position();
        if self.take("!") {
            let inner = self.nested(Self::unary)?;
            return Ok(Expression { line, kind: Kind::Not(Box::new(inner)) });
        }
        if self.take("-") {
            let inner = self.nested(Self::unary)?;
            return Ok(Expression { line, kind: Kind::Negative(Box::new(inner)) });
        }
        let term = self.term()?;
        self.steps(term)
    }

    /// What follows a term: `.name`, `[index]`, splats.
    fn steps(&mut self, root: Expression) -> Parsed<Expression> {
        let line = root.line;
        let mut steps = Vec::new();
        loop {
            self.skip_space();
            if self.rest().starts_with("...") {
                break;
            } else if self.take_here(".") {
                if self.take("*") {
                    return self.splat(finished(root, steps));
                }
                self.skip_space();
                let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
                if digits > 0 {
                    let index = self.rest().get(..digits).unwrap_or_default().to_owned();
                    self.at += digits;
                    steps.push(Step::Index(Expression { line, kind: Kind::Literal(index) }));
                } else if let Some(name) = self.take_name() {
                    steps.push(Step::Name(name.to_owned()));
                } else {
                    return self.error("expected a name");
                }
            } else if self.take_here("[") {
                let index = self.by_lines(false, |parser| {
                    let start = parser.at;
                    if parser.take("*") && parser.take("]") {
                        return Ok(None);
                    }
                    parser.at = start;
                    let index = parser.expression()?;
                    parser.expect("]", "expected `]`")?;
                    Ok(Some(index))
                })?;
                let Some(index) = index else { return self.splat(finished(root, steps)) };
                steps.push(Step::Index(index));
            } else {
                break;
            }
        }
        Ok(finished(root, steps))
    }

    fn splat(&mut self, collection: Expression) -> Parsed<Expression> {
        let line = collection.line;
        let each = Expression { line, kind: Kind::Variable(SPLAT.to_owned()) };
        let value = self.nested(|parser| parser.steps(each))?;
        let splat = For {
            key_name: None,
            value_name: SPLAT.to_owned(),
            collection,
            key: None,
            value,
            is_grouped: false,
            condition: None,
        };
        Ok(Expression { line, kind: Kind::For(Box::new(splat)) })
    }

    fn term(&mut self) -> Parsed<Expression> {
        self.skip_space();
        let line = self.position();
        let kind = match self.rest().bytes().next() {
            Some(b'(') => {
                self.at += 1;
                return self.by_lines(false, |parser| {
                    let inner = parser.expression()?;
                    parser.expect(")", "expected `)`")?;
                    // In parentheses a name is no key of an object.
                    Ok(Expression { line: inner.line, kind: Kind::Traversal(Box::new(inner), Vec::new()) })
                });
            }
            Some(b'[') => {
                self.at += 1;
                self.by_lines(false, Self::list)?
            }
            Some(b'{') => {
                self.at += 1;
                self.by_lines(true, Self::object)?
            }
            Some(b'"') => {
                self.at += 1;
                Kind::Template(self.quoted()?)
            }
            Some(b'\\') => Kind::Template(self.escaped_quotes()?),
            Some(b'<') => Kind::Heredoc(self.heredoc()?),
            Some(b'0'..=b'9') => Kind::Literal(self.number()),
            _ => self.named()?,
        };
        Ok(Expression { line, kind })
    }

    fn number(&mut self) -> String {
        let start = self.at;
        self.at += self.rest().bytes().take_while(u8::is_ascii_digit).count();
        for (marks, signs) in [(".", ""), ("eE", "+-")] {
            let mut behind = self.rest().char_indices().peekable();
            if behind.next_if(|(_, c)| marks.contains(*c)).is_none() {
                continue;
            }
            behind.next_if(|(_, c)| signs.contains(*c));
            if let Some((offset, _)) = behind.next_if(|(_, c)| c.is_ascii_digit()) {
                self.at += offset;
                self.at += self.rest().bytes().take_while(u8::is_ascii_digit).count();
            }
        }
        self.text.get(start..self.at).unwrap_or_default().to_owned()
    }

    fn named(&mut self) -> Parsed<Kind> {
        let Some(name) = self.take_name() else { return self.error("expected an expression") };
        let mut name = name.to_owned();
        while self.rest().starts_with("::") {
            self.at += 2;
            let Some(next) = self.take_name() else { return self.error("expected a function's name") };
            name.push_str("::");
            name.push_str(next);
        }
        if self.take("(") {
            return Ok(Kind::Call(name, self.by_lines(false, Self::arguments)?));
        }
        Ok(match name.as_str() {
            "null" => Kind::Null,
            "true" | "false" => Kind::Literal(name),
            _ => Kind::Variable(name),
        })
    }

    fn arguments(&mut self) -> Parsed<Vec<Expression>> {
        let mut arguments = Vec::new();
        while !self.take(")") {
            let argument = self.expression()?;
            // `list...` makes an argument of each value: which ones, no reader knows before it has the list.
            let is_expanded = self.take("...");
            let line = argument.line;
            arguments.push(if is_expanded {
                Expression { line, kind: Kind::Call("...".to_owned(), vec![argument]) }
            } else {
                argument
            });
            if !self.take(",") {
                self.expect(")", "expected `,` or `)`")?;
                break;
            }
        }
        Ok(arguments)
    }

    fn list(&mut self) -> Parsed<Kind> {
        if let Some(each) = self.for_expression("]")? {
            return Ok(each);
        }
        let mut values = Vec::new();
        while !self.take("]") {
            values.push(self.expression()?);
            if !self.take(",") {
                self.expect("]", "expected `,` or `]`")?;
                break;
            }
        }
        Ok(Kind::List(values))
    }

    fn object(&mut self) -> Parsed<Kind> {
        self.skip_lines();
        let is_for = self.by_lines(false, |parser| parser.for_expression("}"))?;
        if let Some(each) = is_for {
            return Ok(each);
        }
        let mut entries = Vec::new();
        loop {
            self.skip_lines();
            if self.take("}") {
                return Ok(Kind::Object(entries));
            }
            let mut key = self.expression()?;
            if let Kind::Variable(name) = key.kind {
                key.kind = Kind::Literal(name);
            }
            if !self.take("=") {
                self.expect(":", "expected `=` or `:`")?;
            }
            entries.push((key, self.expression()?));
            self.skip_space();
            let is_ended = self.rest().starts_with([',', '\n', '}']);
            if !is_ended {
                return self.error("expected `,`, `}` or a line break");
            }
            // python-hcl2 also takes a comma on its own line.
            self.skip_lines();
            self.take_here(",");
        }
    }
}

fn finished(root: Expression, steps: Vec<Step>) -> Expression {
    if steps.is_empty() {
        return root;
    }
    Expression { line: root.line, kind: Kind::Traversal(Box::new(root), steps) }
}
