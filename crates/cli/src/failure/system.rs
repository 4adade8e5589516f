//! What this machine lacks, which any step of a run can meet: the same hint, whatever was being done.

use crate::io::open_files::OpenFilesLimit;

/// No file descriptor for a file or a socket.
pub(super) fn open_files(limit: OpenFilesLimit) -> &'static str {
    match limit {
        OpenFilesLimit::OfProcess => {
            "raise `ulimit -n` in the shell that starts this process, or close what that shell has open: files and \
             sockets count"
        }
        OpenFilesLimit::OfMachine => {
            "end what leaves files open on this machine, or raise its limit `fs.file-max`: all its processes together \
             have too many"
        }
    }
}
