//! The line of a profile, whose settings are in part in a file.

use crate::settings::flags::Flags;
use crate::settings::setting::{Repeats, Shape};
use crate::settings::table;

/// The flags of the line of a profile with those of its file, if `assume` can have written it.
pub(crate) fn with_file(line: &Flags, of_file: &[(String, String)]) -> Option<Flags> {
    let mut flags = line.clone();
    for (flag, value) in of_file {
        let mut repeated = table::all().filter(|setting| setting.repeats != Repeats::No);
        let setting = repeated.find(|setting| setting.flag == flag && setting.shape != Shape::Switch)?;
        flags.push(setting, value);
    }
    Some(flags)
}
