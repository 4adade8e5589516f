//! Values for property tests: what a variable may hold, made of the characters that lists, JSON and roles files give a
//! meaning to.

/// How many values there are. Always the same ones, so a failure can be repeated.
const COUNT: u64 = 4000;

static PARTS: [&str; 34] = [
    ",",
    " ",
    "\n",
    "\r",
    "\t",
    "\"",
    "\"\"",
    "'",
    "\\",
    "\\\"",
    "\\u0022",
    "{",
    "}",
    "[",
    "]",
    ":",
    "=",
    "#",
    ";",
    "$V",
    "${V}",
    "$$",
    "auto",
    "Env=prod",
    "arn:aws:iam::123456789012:role/a",
    "*",
    "\u{a0}",
    "\u{2028}",
    "\u{85}",
    "\u{b}",
    "\u{0}",
    "\u{feff}",
    "é",
    "[profile b]",
];

/// Each has up to seven parts; the first one is empty.
pub(crate) fn all() -> impl Iterator<Item = String> {
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    (0..COUNT).map(move |at| {
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % 1000).unwrap_or_default()
        };
        let count = if at == 0 { 0 } else { next() % 8 };
        (0..count).map(|_| PARTS[next() % PARTS.len()]).collect()
    })
}
