//! What is printed on stderr, and how.

use crate::settings::setting::Shape::{One, Switch};
use crate::settings::setting::settings;

settings! {
    QUIET: "--quiet", Switch, No,
        help: "Print errors only",
        default: "`false`";
    COLOR: "--color", One("WHEN"), No,
        help: "auto, always, never [default: auto]",
        default: "`auto`";
    DETAILS: "--details", Switch, No,
        help: "Print every cause, the provider and the condition keys where STS denies a role",
        default: "`false`: the likely causes in a few lines";
}
