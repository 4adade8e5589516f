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
        more: "With --mode profile or credential-process: the profile to write [default: default]",
        values: "", default: "";
    TO: "--to", List("DESTINATION", Texts), No,
        help: "A destination of the credentials",
        more: "bash-env: the file that BASH_ENV names, which bash reads before each CircleCI step\nprofile:NAME: a profile of AWS's shared files, ~/.aws/credentials and ~/.aws/config\ndotenv:PATH: a file of NAME=value lines, for docker and others\ngithub: the variables of the next steps in GitHub Actions\njson: JSON on stdout\nshell: export lines on stdout",
        values: "", default: "see below";
    MODE: "--mode", One("MODE"), No,
        help: "How the next steps get the credentials [default: environment]",
        more: "environment: in the destinations, by default as variables\nprofile: in a profile of AWS's shared files\ncredential-process: AWS tools start this program through a profile, and it renews the credentials\nendpoint: AWS tools request them from `serve`, which runs and renews them",
        values: "", default: "`environment`";
    JOB_KEY: "--job-key", One("KEY"), No,
        help: "In a line that assume writes: the job",
        more: "The environment of the AWS tool may not show it.",
        values: "(`credential-process` alone)", default: "in a line that `assume` writes: the job, where the environment does not show it";
    HOME: "--home", One("DIRECTORY"), No,
        help: "In a line that assume writes: the cache's home directory",
        values: "(`credential-process` alone)", default: "`HOME`; in a line that `assume` writes: the home directory of the cache";
    OVERWRITE: "--overwrite", Switch, No,
        help: "Replace a user's own long-term keys in the profile or env file",
        more: "Keys without a session token are a user's own; without this flag they are refused, exit code 7.",
        values: "", default: "`false`: keys without a session token are a user's own, and a profile or env file with them is refused";
    VERIFY: "--verify", Switch, No,
        help: "Check with AWS that the next step has this role's session",
        more: "Calls GetCallerIdentity as the next step would, and undoes what was written if the identity is another.",
        values: "", default: "`false`";
}
