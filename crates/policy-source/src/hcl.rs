//! HCL as Terraform and OpenTofu read it: a parser of its own, because those at hand refuse files that `tofu plan`
//! takes. A block that cannot be read is skipped up to the next one, so it does not hide the rest of its file.

mod expression;
mod from_json;
mod parser;
mod structure;
mod syntax;
mod template;

pub(crate) use from_json::body_of_json;
pub(crate) use structure::parse;
pub(crate) use syntax::{Block, Body, Expression, For, Kind, Operator, Part, Step};
