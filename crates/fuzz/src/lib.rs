//! What several fuzz targets share: the session that they write, and what must hold of a shared file before and after an
//! edit. The targets are in `fuzz_targets/`, one for each untrusted input; `scripts/fuzz.sh` runs them.

mod fixture;
mod printable;
// The reader that the editor's own tests compare with: the grammar of AWS's other SDKs.
#[path = "../../export/tests/it/shared_config/sdk_grammar.rs"]
mod sdk_grammar;
mod section_edit;
mod shared_file;

pub use fixture::{KEYS, REGION, session};
pub use printable::is_printable;
pub use section_edit::SectionEdit;
pub use shared_file::SharedFile;
