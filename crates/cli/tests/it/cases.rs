//! What a user sees of the binary: arguments and environment in, exit code and both streams out. Each case is a
//! file in `cases`, run in a copy of the folder beside it.

#[test]
fn each_case_prints_what_its_file_says() {
    trycmd::TestCases::new().case("tests/cases/*.toml");
}
