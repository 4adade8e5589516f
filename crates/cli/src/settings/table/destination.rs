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
        more: "With --mode profile or credential-process: the profile to write [default: default]",
        default: "none; the profile `default` in the modes that write one", limits: "letters, digits and `_.-`";
    TO: "--to", List("DESTINATION", Texts), No,
        help: "A destination of the credentials",
        more: "bash-env: the file that BASH_ENV names, which bash reads before each CircleCI step\nprofile:NAME: a profile of AWS's shared files, ~/.aws/credentials and ~/.aws/config\ndotenv:PATH: a file of NAME=value lines, for docker and others\ngithub: the variables of the next steps in GitHub Actions\njson: JSON on stdout\nshell: export lines on stdout, for eval in POSIX shells\nfish, powershell: the same for these shells, which misread export lines",
        default: "by the mode and the job: [destinations.md](destinations.md#--to)", limits: "each destination once";
    MODE: "--mode", One("MODE"), No,
        help: "How the next steps get the credentials [default: environment]",
        more: "environment: in the destinations, by default as variables\nprofile: in a profile of AWS's shared files\ncredential-process: AWS tools start this program through a profile, and it renews the credentials\nendpoint: AWS tools request them from `serve`, which runs and renews them",
        default: "`environment`; `profile` with `--profile`";
    PASS_TOKEN: "--pass-token", Switch, No,
        help: "Let the command inherit the job's token and our settings",
        more: "Without it they are taken out of its environment: with the token it could assume the role again.",
        default: "`false`: the command does not inherit them";
    SERVE: "--serve", Switch, No,
        help: "Give the command an endpoint that renews the credentials",
        more: "For a command that takes longer than the session: this program stays above it, passes signals on and ends as it ends.",
        default: "`false`: the command gets keys, which end with the session";
    JOB_KEY: "--job-key", One("KEY"), No,
        help: "In a line that assume writes: the job",
        more: "The environment of the AWS tool may not show it.",
        default: "the job that the environment shows";
    SETTINGS: "--settings", One("DIGEST"), No,
        help: "In a line that assume writes: its file of settings",
        more: "Those that the line would have to quote, such as --policy.",
        default: "none: all settings are in the line", limits: "64 hexadecimal digits";
    HOME: "--home", One("DIRECTORY"), No,
        help: "The home directory of the cache [default: HOME]",
        more: "In a line that assume writes.",
        default: "HOME";
    OVERWRITE: "--overwrite", Switch, No,
        help: "Replace a user's own long-term keys in the profile or env file",
        more: "Keys without a session token are a user's own; without this flag they are refused, exit code 7.",
        default: "`false`: such a profile or env file is refused";
    USE_EXISTING: "--use-existing", One("LIFE"), No,
        help: "Keep the session of an earlier step if it is valid for so long",
        more: "Seconds (900), minutes (15m) or hours (1h): less than the session's duration. Nothing is requested if every destination still holds this role's session and GetCallerIdentity confirms it; otherwise a note says why not. For bash-env, profile:NAME and dotenv:PATH.",
        default: "a new session each time", limits: "from 1 s, less than the session's duration";
    VERIFY: "--verify", Switch, No,
        help: "Check with AWS that the next step has this role's session",
        more: "Calls GetCallerIdentity as the next step would, and undoes what was written if the identity is another.",
        default: "`false`";
}
