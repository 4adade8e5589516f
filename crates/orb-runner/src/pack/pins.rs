//! The version and the digests that the orb accepts: one file of the source, which packing can replace.
//!
//! It is one file because the digests are known only after the binary is released, which is before the orb is.

use std::collections::BTreeMap;

use super::PackError;

/// The file that holds the pins, relative to the orb: a `version=` line, then `<platform>=<digest>` lines.
pub(super) const PINS_FILE: &str = "scripts/pins.txt";

const ASSET_PREFIX: &str = "circleci-aws-oidc-";

/// The end of the name of a compressed binary. The orb pins the binary, which is what it unpacks to.
const PACKED: &str = ".gz";

/// What replaces the source's own pins; the default replaces nothing.
#[derive(Debug, Default)]
pub struct Pins {
    version: Option<String>,
    digests: Option<BTreeMap<String, String>>,
}

impl Pins {
    /// Pins from a version and the text of a `SHA256SUMS` file. Files of other names in it are left out.
    pub fn new(version: Option<String>, sums: Option<&str>) -> Result<Self, PackError> {
        let digests = sums.map(parse_sums).transpose()?;
        Ok(Self { version, digests })
    }

    /// Whether there is anything to replace.
    pub(super) fn replace_any(&self) -> bool {
        self.version.is_some() || self.digests.is_some()
    }

    /// The pins file with the new values in it. Digests of another version must not survive a new one.
    pub(super) fn replace_in(&self, own: &str) -> String {
        if !self.replace_any() {
            return own.to_owned();
        }
        let own_version = own.lines().find_map(|line| line.strip_prefix("version=")).unwrap_or_default();
        let version = self.version.as_deref().unwrap_or(own_version);
        let mut text = format!("version={version}\n");
        for (platform, digest) in self.digests.iter().flatten() {
            text.push_str(&format!("{platform}={digest}\n"));
        }
        text
    }
}

fn parse_sums(sums: &str) -> Result<BTreeMap<String, String>, PackError> {
    let mut digests = BTreeMap::new();
    for (index, line) in sums.lines().enumerate() {
        let bad_line = PackError::BadDigestLine { line: index + 1 };
        let Some((digest, name)) = line.split_once(' ') else { return Err(bad_line) };
        // The second character is the mode: a space for text, `*` for binary.
        let Some(name) = name.strip_prefix([' ', '*']) else { return Err(bad_line) };
        if digest.len() != 64 || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(bad_line);
        }
        if let Some(platform) = name.strip_prefix(ASSET_PREFIX).filter(|rest| !rest.ends_with(PACKED)) {
            digests.insert(platform.to_owned(), digest.to_ascii_lowercase());
        }
    }
    if digests.is_empty() { Err(PackError::NoDigests { prefix: ASSET_PREFIX }) } else { Ok(digests) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "version=0.1.0\nlinux-x86_64=aa\n";

    #[test]
    fn digests_replace_the_table_and_keep_the_version() {
        let digest = "0F".repeat(32);
        let sums = format!(
            "{digest}  circleci-aws-oidc-linux-x86_64\n{digest} *circleci-aws-oidc-macos-aarch64\n{digest}  circleci-aws-oidc-macos-aarch64.gz\n{digest}  other\n"
        );
        let pins = Pins::new(None, Some(&sums)).unwrap();
        let lower = "0f".repeat(32);
        let expected = format!("version=0.1.0\nlinux-x86_64={lower}\nmacos-aarch64={lower}\n");
        assert_eq!(pins.replace_in(OWN), expected);
    }

    #[test]
    fn a_new_version_alone_drops_the_old_digests() {
        let pins = Pins::new(Some("0.2.0".into()), None).unwrap();
        assert_eq!(pins.replace_in(OWN), "version=0.2.0\n");
    }

    #[test]
    fn no_pins_leave_the_file_as_it_is() {
        assert_eq!(Pins::default().replace_in(OWN), OWN);
    }

    #[test]
    fn a_damaged_digest_file_is_refused() {
        let digest = "0f".repeat(32);
        let table = [
            (String::new(), "the digests name no file"),
            (format!("{digest}  other\n"), "the digests name no file"),
            (format!("{digest}  circleci-aws-oidc-a.gz\n"), "the digests name no file"),
            ("0f  circleci-aws-oidc-linux-x86_64\n".into(), "line 1 of the digests"),
            (format!("{digest}  circleci-aws-oidc-a\n{digest}\n"), "line 2 of the digests"),
            (format!("{} circleci-aws-oidc-a\n", "zz".repeat(32)), "line 1 of the digests"),
        ];
        for (sums, start) in table {
            let refusal = Pins::new(None, Some(&sums)).unwrap_err().to_string();
            assert!(refusal.starts_with(start), "{sums:?} gave {refusal}");
        }
    }
}
