//! HCL as `terraform` and `tofu` read it: a parser of its own, because those at hand refuse files that `tofu plan`
//! takes. A block that cannot be read is skipped up to the next one, so it does not hide the rest of its file.

mod expression;
mod for_expression;
mod from_json;
mod parser;
mod structure;
mod syntax;
mod template;

pub(crate) use from_json::body_of_json;
pub(crate) use structure::parse;
pub(crate) use syntax::{Block, Body, Expression, For, Kind, Operator, Part, Step, TemplateFor};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::Lines;

    fn errors(text: &str) -> Vec<String> {
        let lines = Lines::from(1, text);
        parse(text, &lines).1.iter().map(|skipped| skipped.error.to_string()).collect()
    }

    #[test]
    fn what_tofu_takes_is_taken() {
        for text in [
            "a = (1 +\n  2)\n",
            "a = [for x in y : x\n  if x != \"\"]\n",
            "a = { for n in [\"a\"] : n => var.e == \"p\" ? 3 :\n1 }\n",
            "a = { Name = \"a\"\n  Name = \"b\" }\n",
            "a = { for k, v in m : k => v... if v }\n",
            "a = { for = 1, in = 2 }\n",
            "a = b[*].c[0].d.*.e\n",
            "a = b.0.c\n",
            "a = f(x...)\n",
            "a = provider::aws::arn_parse(\"x\")\n",
            "a = \"%{ if x }y%{ else }z%{ endif }$${b}%%{c}$\"\n",
            "a = <<-EOT\n  x ${b} EOT\n  EOT\nc = 1\n",
            "a = -1.5e-3 * !b\n",
            "a = x ? y : z ? 1 : 2\n",
            "a = \"${~ x ~}\"\n",
            "b \"l\" m { c = 1 }\n",
            "b {\n  c = 1 # x\n  /* y\n */ d = 2 // z\n}\n",
            "a = {\r\n  b = 1\r\n}\r\n",
            "a = \"\\u00e9\\U0001F600\\n\"\n",
            "é = 1\n",
        ] {
            assert_eq!(errors(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn what_is_no_hcl_is_refused_with_its_line() {
        for (text, error) in [
            ("a = \"x\ny\"\n", "the string is not closed on its line at line 1"),
            ("a =\n1\n", "expected an expression at line 1"),
            ("a = 1 b = 2\n", "expected the end of the line at line 1"),
            ("a = <<EOT\nx\n", "the heredoc is not closed at line 3"),
            ("a = { b = 1 c = 2 }\n", "expected `,`, `}` or a line break at line 1"),
        ] {
            assert_eq!(errors(text).first().map(String::as_str), Some(error), "{text}");
        }
    }

    #[test]
    fn what_is_nested_too_deep_is_refused_and_ends_no_process() {
        for open in ["(", "[", "{a=", "!", "-", "x ? ", "f(", "\"${", "x[", "[for x in ", "a[*]"] {
            let text = format!("a = {}", open.repeat(100_000));
            assert!(!errors(&text).is_empty(), "{open}");
        }
        assert!(!errors(&"b {\n".repeat(100_000)).is_empty());
        for chain in [" + 1", ".b", "[0]", " || c"] {
            let text = format!("a = b{}\n", chain.repeat(100_000));
            assert!(errors(&text).is_empty(), "{chain}");
        }
    }
}
