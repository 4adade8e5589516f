//! The destinations of the credentials, and the roles file of `profiles`.

use crate::settings::setting::Elements::Texts;
use crate::settings::setting::Shape::{List, One, Switch};
use crate::settings::setting::settings;

settings! {
    CONFIG_FILE: "--config-file", One("FILE"), No,
        help: "The file that declares the roles, in the syntax of AWS's config file",
        default: "this or `--config` is required", limits: "1 MiB, 1,000 profiles";
    CONFIG: "--config", One("TEXT"), No,
        help: "The same declarations as text, instead of the file",
        default: "this or `--config-file` is required", limits: "1 MiB, 1,000 profiles";
    PROFILE: "--profile", One("NAME"), No,
        help: "Short for --to profile:NAME",
        default: "none; the profile `default` in the modes that write one", limits: "letters, digits and `_.-`";
    TO: "--to", List("DESTINATION", Texts), No,
        help: "A destination of the credentials; may be repeated",
        default: "by the mode and the job: [destinations.md](destinations.md#--to)", limits: "each destination once";
    MODE: "--mode", One("MODE"), No,
        help: "environment, profile, credential-process, endpoint [default: environment; profile with --profile]",
        default: "`environment`; `profile` with `--profile`";
    JOB_KEY: "--job-key", One("KEY"), No,
        help: "In a line that assume writes: the job, where the environment does not show it",
        default: "the job that the environment shows";
    HOME: "--home", One("DIRECTORY"), No,
        help: "In a line that assume writes: the home directory of the cache [default: HOME]",
        default: "HOME";
    OVERWRITE: "--overwrite", Switch, No,
        help: "Replace a user's own long-term keys in the profile or env file",
        default: "`false`: such a profile or env file is refused";
    VERIFY: "--verify", Switch, No,
        help: "Get the identity of the next step from AWS; roll back if it is not this role's session",
        default: "`false`";
}
