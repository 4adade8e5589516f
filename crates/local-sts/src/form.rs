//! The parameters of a call, in the order of the wire.

/// Names and values, decoded. A name may be there more than once.
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
}
