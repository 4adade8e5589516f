//! The destinations of the credentials, and the roles file of `profiles`.

use crate::settings::setting::Elements::Texts;
use crate::settings::setting::Shape::{List, One, Switch};
use crate::settings::setting::settings;

settings! {
    CONFIG_FILE: "--config-file", One("FILE"), No,
        help: "The file that declares the roles, in the syntax of AWS's config file",
        values: "(`profiles` alone)", default: "the file that declares the roles";
    CONFIG: "--config", One("TEXT"), No,
        help: "The same declarations as text, instead of the file",
        values: "(`profiles` alone)", default: "the same declarations as text, instead of the file";
    PROFILE: "--profile", One("NAME"), No,
        help: "Short for --to profile:NAME",
        values: "", default: "";
    TO: "--to", List("DESTINATION", Texts), No,
        help: "A destination of the credentials; may be repeated",
        values: "", default: "see below";
    MODE: "--mode", One("MODE"), No,
        help: "environment, profile, credential-process, endpoint [default: environment; profile with --profile]",
        values: "", default: "`environment`";
    JOB_KEY: "--job-key", One("KEY"), No,
        help: "In a line that assume writes: the job, where the environment does not show it",
        values: "(`credential-process` alone)", default: "in a line that `assume` writes: the job, where the environment does not show it";
    HOME: "--home", One("DIRECTORY"), No,
        help: "In a line that assume writes: the home directory of the cache [default: HOME]",
        values: "(`credential-process` alone)", default: "`HOME`; in a line that `assume` writes: the home directory of the cache";
    OVERWRITE: "--overwrite", Switch, No,
        help: "Replace a user's own long-term keys in the profile or env file",
        values: "", default: "`false`: keys without a session token are a user's own, and a profile or env file with them is refused";
    VERIFY: "--verify", Switch, No,
        help: "Get the identity of the next step from AWS; roll back if it is not this role's session",
        values: "", default: "`false`";
}
