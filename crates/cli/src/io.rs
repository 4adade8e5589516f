//! All input and output: environment, clock, files, HTTP, other processes. The other modules work on values.

pub(crate) mod clock;
pub(crate) mod environment;
pub(crate) mod files;
pub(crate) mod hexadecimal;
pub(crate) mod home_directory;
pub(crate) mod http;
pub(crate) mod open_files;
pub(crate) mod process;
pub(crate) mod runtime;
pub(crate) mod secrets;
pub(crate) mod signals;
pub(crate) mod stdout;
pub(crate) mod untrusted_text;
