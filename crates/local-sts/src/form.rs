//! The parameters of a call, in the order of the wire.

/// Names and values, decoded. A name may occur more than once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form(pub(crate) Vec<(String, String)>);

impl Form {
    /// Decodes a form body or a query.
    pub(crate) fn parse(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// The first value of `name`: AWS ignores the others.
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// How many members the list `name` has: `name.member.1`, `name.member.2` and so on, each a value or a prefix of
    /// further names.
    pub(crate) fn members(&self, name: &str) -> usize {
        let is_there = |n: &usize| {
            let member = format!("{name}.member.{n}");
            self.0.iter().any(|(known, _)| {
                known.strip_prefix(&member).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        };
        (1..=self.0.len()).take_while(is_there).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_a_repeated_parameter_wins() {
        let form = Form::parse(b"A=1+2%2B3&B=&A=4");
        assert_eq!(form.first("A"), Some("1 2+3"));
        assert_eq!(form.first("B"), Some(""));
        assert_eq!(form.first("C"), None);
        assert_eq!(form.0.len(), 3);
    }

    #[test]
    fn the_members_of_a_list_are_counted_from_one() {
        let form = Form::parse(b"T.member.1.Key=a&T.member.1.Value=b&T.member.2.Key=c&T.member.4.Key=d&L.member.1=x&E=&M.member.10=y");
        let counts = ["T", "L", "E", "M", "X"].map(|name| form.members(name));
        assert_eq!(counts, [2, 1, 0, 0, 0]);
    }
}
