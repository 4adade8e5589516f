//! The file of a program that a user names, found as a shell finds it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::io::environment::Environment;

/// Why there is nothing to run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProgramError {
    /// A name without a directory.
    #[error("no program `{}` is in PATH", .0.escape_debug())]
    NotInPath(String),
    /// A path.
    #[error("`{}` does not exist", .0.display())]
    Missing(PathBuf),
    /// A directory, or a file without the permission to run it.
    #[error("`{}` is not executable", .0.display())]
    NotExecutable(PathBuf),
}

/// Where programs are without a PATH, as C libraries have it.
#[cfg(unix)]
const DEFAULT_PATH: &str = "/usr/local/bin:/bin:/usr/bin";
#[cfg(not(unix))]
const DEFAULT_PATH: &str = "";

/// The file of this program: a path, or a name to look for in these directories, which are PATH's.
pub(crate) fn find(
    name: &OsStr,
    search_path: Option<&OsStr>,
    environment: &Environment,
) -> Result<PathBuf, ProgramError> {
    let path = Path::new(name);
    if name.to_string_lossy().contains(std::path::is_separator) {
        let found = spellings(path, environment).into_iter().find(|path| is_program(path));
        let missing = || ProgramError::Missing(path.to_owned());
        let not_executable = || ProgramError::NotExecutable(path.to_owned());
        return found.ok_or_else(|| if path.exists() { not_executable() } else { missing() });
    }
    let search_path = search_path.unwrap_or(OsStr::new(DEFAULT_PATH));
    // An empty element is the working directory, for which a path of one name would be searched for in PATH again.
    let directories = std::env::split_paths(search_path)
        .map(|directory| if directory.as_os_str().is_empty() { PathBuf::from(".") } else { directory });
    let mut not_executable = None;
    for directory in directories {
        for path in spellings(&directory.join(path), environment) {
            if is_program(&path) {
                return Ok(path);
            }
            if path.is_file() {
                not_executable.get_or_insert(path);
            }
        }
    }
    Err(not_executable.map_or_else(
        || ProgramError::NotInPath(name.to_string_lossy().into_owned()),
        ProgramError::NotExecutable,
    ))
}

/// Only Windows adds endings to a name.
#[cfg(unix)]
fn spellings(path: &Path, _: &Environment) -> Vec<PathBuf> {
    vec![path.to_owned()]
}

/// With each ending of PATHEXT, first as it is if it has one.
#[cfg(not(unix))]
fn spellings(path: &Path, environment: &Environment) -> Vec<PathBuf> {
    let endings = environment.non_blank("PATHEXT").unwrap_or(".COM;.EXE;.BAT;.CMD");
    let as_it_is = path.extension().map(|_| path.to_owned());
    let with_ending = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    as_it_is.into_iter().chain(endings.split(';').map(with_ending)).collect()
}

/// Whether the system lets this user run the file.
#[cfg(unix)]
pub(super) fn is_program(path: &Path) -> bool {
    use rustix::fs::{Access, access};
    path.is_file() && access(path, Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
pub(super) fn is_program(path: &Path) -> bool {
    path.is_file()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs::OpenOptions;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::OpenOptionsExt;

    #[test]
    fn the_first_file_that_can_be_run_is_found_as_a_shell_finds_it() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        for name in ["a", "b", "a/folder"] {
            std::fs::create_dir(at(name)).unwrap();
        }
        for (name, mode) in [("a/tool", 0o644), ("b/tool", 0o755), ("a/text", 0o644)] {
            OpenOptions::new().create_new(true).write(true).mode(mode).open(at(name)).unwrap();
        }
        let path = format!("{}:{}", at("a").display(), at("b").display());
        let environment = Environment::default();
        let found = |name: &str| find(name.as_ref(), Some(path.as_ref()), &environment);
        assert_eq!(found("tool").unwrap(), at("b/tool"));
        assert!(matches!(found("text"), Err(ProgramError::NotExecutable(path)) if path == at("a/text")));
        assert!(matches!(found("folder"), Err(ProgramError::NotInPath(name)) if name == "folder"));
        assert!(matches!(found("other"), Err(ProgramError::NotInPath(_))));
        assert!(matches!(found(""), Err(ProgramError::NotInPath(_))));
        for (name, is_there) in [("a/tool", true), ("a", true), ("a/none", false), ("b/tool/x", false)] {
            let error = found(at(name).to_str().unwrap()).unwrap_err();
            assert_eq!(matches!(error, ProgramError::NotExecutable(_)), is_there, "{name}: {error}");
        }
        assert!(matches!(found("./"), Err(ProgramError::NotExecutable(_))));
        assert_eq!(find("sh".as_ref(), None, &environment).unwrap(), Path::new("/bin/sh"));
        // A directory whose name is not UTF-8 hides no other one.
        let odd = [b"/\xff:", path.as_bytes()].concat();
        assert_eq!(find("tool".as_ref(), Some(OsStr::from_bytes(&odd)), &environment).unwrap(), at("b/tool"));
    }
}
