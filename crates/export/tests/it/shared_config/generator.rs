//! Generated shared files, from a seed. Each line is marked with whether an edit has to replace it.

/// Small and deterministic: xorshift64*.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(high).unwrap() % bound
    }

    pub(crate) fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// Each of `choices` with a probability of one half, in random order.
    fn some_of<'a>(&mut self, choices: &[&'a str]) -> Vec<&'a str> {
        let mut chosen: Vec<_> = choices.iter().copied().filter(|_| self.one_in(2)).collect();
        for last in (1..chosen.len()).rev() {
            chosen.swap(last, self.below(last + 1));
        }
        chosen
    }
}

/// A line with its break.
pub(crate) struct MadeLine {
    pub(crate) text: String,
    /// Whether it is a key that the edit sets or removes, or continues one.
    pub(crate) is_replaced: bool,
}

/// A file that botocore reads, and that the editor does not have to refuse.
pub(crate) struct MadeFile {
    pub(crate) lines: Vec<MadeLine>,
    pub(crate) has_profile: bool,
}

impl MadeFile {
    pub(crate) fn text(&self) -> String {
        self.lines.iter().map(|line| line.text.as_str()).collect()
    }
}

const FOREIGN_KEYS: [&str; 6] = ["output", "foo.bar", "x y", "s3", "cli_pager", "max_attempts"];
const VALUES: [&str; 9] = ["", "v", "a b", "x # y", "%(foo)s", "a=b:c", "[not]", "é", "\"quoted\""];

/// A file that may have the section `ours`, in which the edit replaces `keys`.
pub(crate) fn shared_file(random: &mut Random, ours: &str, others: &[&str], keys: &[&str]) -> MadeFile {
    let mut maker = Maker {
        breaks: random.pick(&["\n", "\r\n"]),
        mixed: random.one_in(5),
        is_plain: random.one_in(2),
        lines: Vec::new(),
    };
    let mut names = random.some_of(others);
    let has_profile = !random.one_in(3);
    if has_profile {
        names.insert(random.below(names.len() + 1), ours);
    }
    for name in names {
        maker.filler(random, "");
        let comment = random.pick(&["", "", " # note", "\t;"]);
        maker.push(random, &format!("[{name}]{comment}"), false);
        maker.section(random, name == ours, if name == "DEFAULT" { &[] } else { keys });
    }
    maker.filler(random, "");
    if let Some(last) = maker.lines.last_mut().filter(|line| !line.text.trim().is_empty())
        && random.one_in(3)
    {
        last.text.truncate(last.text.trim_end_matches(['\r', '\n']).len());
    }
    MadeFile { lines: maker.lines, has_profile }
}

struct Maker {
    breaks: &'static str,
    mixed: bool,
    /// Nothing that botocore alone can read.
    is_plain: bool,
    lines: Vec<MadeLine>,
}

impl Maker {
    fn push(&mut self, random: &mut Random, text: &str, is_replaced: bool) {
        let ending = if self.mixed { random.pick(&["\n", "\r\n"]) } else { self.breaks };
        self.lines.push(MadeLine { text: format!("{text}{ending}"), is_replaced });
    }

    /// Perhaps a blank line or a comment.
    fn filler(&mut self, random: &mut Random, comment_indentation: &str) {
        match random.below(8) {
            0 => self.push(random, "", false),
            1 => self.push(random, "  \t", false),
            2 => self.push(random, &format!("{comment_indentation}# k = v"), false),
            3 => self.push(random, &format!("{comment_indentation};[x]"), false),
            _ => {}
        }
    }

    fn section(&mut self, random: &mut Random, is_ours: bool, keys: &[&str]) {
        let indentation = if is_ours || self.is_plain { "" } else { random.pick(&["", "", "  ", "\t"]) };
        for key in random.some_of(&[keys, &FOREIGN_KEYS].concat()) {
            let is_replaced = is_ours && keys.contains(&key);
            // Other clients read an indented comment as part of the value: it is refused below a replaced key.
            let comment_indentation = if is_ours || self.is_plain { "" } else { random.pick(&["", "    "]) };
            let shown = if random.one_in(3) { key.to_uppercase() } else { key.to_owned() };
            let delimiters: &[&str] =
                if self.is_plain { &[" = ", "=", " =\t"] } else { &[" = ", "=", ":", " : "] };
            let delimiter = random.pick(delimiters);
            let value = random.pick(&VALUES);
            self.push(random, &format!("{indentation}{shown}{delimiter}{value}"), is_replaced);
            for _ in 0..random.below(3) {
                self.filler(random, comment_indentation);
                let more = if value.is_empty() { "sub = 1" } else { "more" };
                let deeper = random.pick(&["  ", "\t", "      "]);
                self.push(random, &format!("{indentation}{deeper}{more}"), is_replaced);
            }
            self.filler(random, comment_indentation);
        }
    }
}
