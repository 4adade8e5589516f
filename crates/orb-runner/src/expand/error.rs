//! What is wrong with a config or an orb, in the words of CircleCI's compiler where these are known.
//!
//! Its capital letters are kept, against the habit of the other crates: a reader who searches for the text
//! of an error finds the same one in CircleCI's forum.

/// Why a job was not expanded.
#[derive(Debug, thiserror::Error)]
pub enum ExpandError {
    /// The job to expand.
    #[error("the config has no job named `{job}`")]
    NoSuchJob {
        /// Its name.
        job: String,
    },
    /// The place of an error, around its reason.
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
    /// The config imports the orb, but no file was given for it.
    #[error("no packed orb was given for the import `{import}`")]
    OrbNotGiven {
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
    /// Nothing is converted: `5` is no string.
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
    /// A default that no caller could pass.
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
    /// A parameter that can't be declared so.
    #[error("Parameter error: parameter '{name}' {flaw}")]
    Declaration {
        /// The parameter.
        name: String,
        /// What is wrong.
        flaw: &'static str,
    },
    /// A reference to a parameter of another command, or a misspelt one.
    #[error("Arguments referenced without declared parameters: {name}")]
    Undeclared {
        /// The name.
        name: String,
    },
    /// A reference to something that is no parameter.
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
    /// Steps or an executor inside of a text.
    #[error("the parameter `{name}` has no text form")]
    NotText {
        /// The parameter.
        name: String,
    },
    /// A condition that has no meaning.
    #[error("a condition {flaw}")]
    Condition {
        /// What is wrong.
        flaw: &'static str,
    },
    /// A document that is not built as CircleCI's are.
    #[error("{what}")]
    Shape {
        /// What is wrong.
        what: &'static str,
    },
    /// A key of a step that CircleCI does not know.
    #[error("a step has the unknown key `{key}`")]
    UnknownKey {
        /// The key.
        key: String,
    },
    /// A step that needs CircleCI itself.
    #[error("the step `{step}` is not supported here")]
    Unsupported {
        /// Its name.
        step: String,
    },
}
