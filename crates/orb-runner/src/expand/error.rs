//! The errors of a config or an orb, in the words of CircleCI's compiler where these are known.
//!
//! They keep the compiler's capital letters, unlike the errors of the other crates, so that a search for the text finds it
//! in CircleCI's forum.

/// Why a job was not expanded.
#[derive(Debug, thiserror::Error)]
pub enum ExpandError {
    /// The job to expand.
    #[error("the config has no job named `{job}`; expected one of {known}")]
    NoSuchJob {
        /// Its name.
        job: String,
        /// The names of all jobs, and those that workflows give them.
        known: String,
    },
    /// An executor that neither the config nor an orb defines.
    #[error("Cannot find a definition for executor named {executor}")]
    ExecutorNotFound {
        /// The executor.
        executor: String,
    },
    /// The call in which an error occurred.
    #[error("Error calling command: '{command}'")]
    Calling {
        /// The command as it is called.
        command: String,
        /// The reason.
        source: Box<Self>,
    },
    /// Neither the config nor the orb defines it.
    #[error("Cannot find a definition for command named {command}")]
    CommandNotFound {
        /// The command as it is called.
        command: String,
    },
    /// The config imports the orb, but no file is named for it.
    #[error("missing packed orb for the import `{import}`")]
    MissingOrb {
        /// The key in `orbs`.
        import: String,
    },
    /// A command that calls itself.
    #[error("the command `{command}` calls itself")]
    Recursion {
        /// The command.
        command: String,
    },
    /// Parameters without a default.
    #[error("Missing required argument(s): {names}")]
    MissingArguments {
        /// Their names.
        names: String,
    },
    /// Arguments without a parameter.
    #[error("Unexpected argument(s): {names}")]
    UnexpectedArguments {
        /// Their names.
        names: String,
    },
    /// Nothing is converted: `5` is not a string.
    #[error(
        "Type error for argument {name}: expected type: {expected}, actual value: {value} (type {actual})"
    )]
    ArgumentType {
        /// The parameter.
        name: String,
        /// Its type.
        expected: String,
        /// The argument.
        value: String,
        /// The argument's type.
        actual: &'static str,
    },
    /// A default that does not have the parameter's type.
    #[error(
        "Parameter error: default value of parameter '{name}' is '{value}' (type {actual}): expected type {expected}"
    )]
    DefaultType {
        /// The parameter.
        name: String,
        /// Its type.
        expected: String,
        /// The default.
        value: String,
        /// The default's type.
        actual: &'static str,
    },
    /// An invalid declaration of a parameter.
    #[error("Parameter error: parameter '{name}' {problem}")]
    Declaration {
        /// The parameter.
        name: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// A reference to a parameter of another command, or a misspelt one.
    #[error("Arguments referenced without declared parameters: {name}")]
    Undeclared {
        /// The name.
        name: String,
    },
    /// A reference to something that is not a parameter.
    #[error("Unknown variable(s): {name}")]
    UnknownVariable {
        /// The name.
        name: String,
    },
    /// A `<<` that was meant for the shell.
    #[error("Unclosed '<<' tag in string: '{text}' ('<<' must be escaped as '\\<<' in config v2.1+)")]
    Unclosed {
        /// The text's line.
        text: String,
    },
    /// A list, a mapping or steps inside a longer text.
    #[error("the parameter `{name}` has no text form")]
    NotText {
        /// The parameter.
        name: String,
    },
    /// An invalid condition.
    #[error("a condition {problem}")]
    Condition {
        /// What is wrong.
        problem: &'static str,
    },
    /// A document without the structure of a config or an orb.
    #[error("{what}")]
    Shape {
        /// What is wrong.
        what: &'static str,
    },
    /// `when` of a `run` with an unknown value.
    #[error("invalid value `{value}` of `when`; expected on_success, on_fail or always")]
    When {
        /// The value.
        value: String,
    },
    /// A key of a step that CircleCI does not know.
    #[error("a step has the unknown key `{key}`")]
    UnknownKey {
        /// The key.
        key: String,
    },
    /// A step that only CircleCI can run.
    #[error("the step `{step}` is not supported here")]
    Unsupported {
        /// Its name.
        step: String,
    },
}
