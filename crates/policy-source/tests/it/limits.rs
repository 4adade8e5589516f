//! Files that stand for more values than are read.

use policy_source::read;

#[test]
fn a_file_of_too_many_values_ends_with_a_part_that_was_not_read() {
    let lines = |line: fn(usize) -> String| (0..2500).map(line).collect::<String>();
    let keys = lines(|at| format!("    k{at} = 1\n"));
    let arguments = lines(|at| format!("  a{at} = 1\n"));
    let text = format!("module \"x\" {{\n  for_each = {{\n{keys}  }}\n{arguments}}}\n");
    let source = read("a.tf", &text).unwrap();
    let [note] = source.unread.as_slice() else { panic!("{:?}", source.unread) };
    assert!(note.text.ends_with("the file's values are too many"), "{}", note.text);
}
