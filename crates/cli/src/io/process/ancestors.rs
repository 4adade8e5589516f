//! The processes above this one, with the environment that each was started with. Only Linux shows it, to the same user.

use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::io::environment::Environment;
use crate::io::files::text_file;

/// Deeper than processes are nested in a job.
const MOST: usize = 64;

/// A process above this one.
#[derive(Clone, Copy)]
pub(crate) struct Ancestor(u32);

/// From this process's parent upwards, until one cannot be read.
pub(crate) fn with_environments() -> impl Iterator<Item = (Ancestor, Environment)> {
    let processes = std::iter::successors(parent(), |process| process.parent());
    processes.take(MOST).map_while(|process| Some((process, process.environment()?)))
}

/// Only Linux has files that show processes.
fn parent() -> Option<Ancestor> {
    #[cfg(target_os = "linux")]
    let parent = Some(Ancestor(std::os::unix::process::parent_id()));
    #[cfg(not(target_os = "linux"))]
    let parent = None;
    parent
}

impl Ancestor {
    /// The file name of its program.
    pub(crate) fn program_name(self) -> Option<String> {
        let program = std::fs::read_link(self.file("exe")).ok()?;
        Some(program.file_name()?.to_str()?.to_owned())
    }

    fn environment(self) -> Option<Environment> {
        let text = Zeroizing::new(text_file::read(&self.file("environ")).ok()??);
        let variables = text.split('\0').filter_map(|variable| variable.split_once('='));
        Some(Environment::default().after(variables, &[]))
    }

    /// The fourth field; the second one, in parentheses, may hold anything.
    fn parent(self) -> Option<Self> {
        let text = text_file::read(&self.file("stat")).ok()??;
        let (_, fields) = text.rsplit_once(')')?;
        fields.split_whitespace().nth(1)?.parse().ok().filter(|parent| *parent != 0).map(Self)
    }

    fn file(self, name: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/{name}", self.0))
    }
}
