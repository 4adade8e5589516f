//! What is printed on stderr, and how.

use crate::settings::setting::Shape::{One, Switch};
use crate::settings::setting::settings;

settings! {
    QUIET: "--quiet", Switch, No,
        help: "Print errors only",
        default: "`false`";
    COLOR: "--color", One("WHEN"), No,
        help: "When to print in color: auto, always, never [default: auto]",
        more: "auto: on a terminal, unless NO_COLOR is set or TERM is dumb.",
        default: "`auto`";
    DETAILS: "--details", Switch, No,
        help: "Print every fact about a denial by STS",
        more: "All causes, the identity provider and the condition keys of the token.",
        default: "`false`: the likely causes in a few lines";
    RECEIPT: "--receipt", One("FILE"), No,
        help: "Write what was done, or why not, to a JSON file without secrets",
        more: "Role, session, token's claims, attempts and request ids; of a failure its causes. Written after a failure too. For store_artifacts.",
        default: "none", limits: "a new file, or an earlier receipt";
}
