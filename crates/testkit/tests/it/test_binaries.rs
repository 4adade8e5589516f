//! A crate's integration tests are modules of one binary: each binary more is linked with everything that the crate
//! and its tests need.

use super::conventions::{directory, packages};

#[test]
fn a_crate_has_one_binary_of_integration_tests() {
    for package in packages() {
        let targets = package["targets"].as_array().unwrap();
        let tests = targets.iter().filter(|target| target["kind"][0] == "test");
        let names: Vec<&str> = tests.map(|target| target["name"].as_str().unwrap()).collect();
        let crate_name = directory(&package);
        assert!(
            names.is_empty() || names == ["it"],
            "{crate_name} has {names:?}: make it a module of tests/it"
        );
    }
}
