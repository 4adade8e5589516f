//! The exceptions of a proxy that an endpoint on loopback needs, in real shells and for a process that is started now: one
//! rule, which stands twice.

use aws::Secret;
use export::bash_env::{self, BlockId};
use export::{EndpointDescriptor, EndpointEnvironment, no_proxy};

use super::{SHELLS, expect};

const SHOW: &str = "sh -c 'printf \"%s|%s\" \"${NO_PROXY-}\" \"${no_proxy-}\"'\n";

fn block() -> String {
    let endpoint = EndpointDescriptor::new("", 4711, Secret::new("secret".to_owned())).unwrap();
    let endpoint = EndpointEnvironment::new(&endpoint, None, None);
    bash_env::render_endpoint(&endpoint, &BlockId::new([1; 8])).expose().to_owned()
}

#[test]
fn behind_a_proxy_both_variables_name_the_address_and_keep_what_they_had() {
    let proxies = no_proxy::PROXIES.map(Some).into_iter().chain([None]);
    let lists =
        ["", "a.example", "127.0.0.1", "a.example,127.0.0.1", "*", "*,b", "127.0.0.10", "a b; $(run)'\""];
    let all = lists.iter().flat_map(|upper| lists.map(|lower| (*upper, lower)));
    for (number, (upper, lower)) in all.enumerate() {
        for proxy in proxies.clone() {
            // Each proxy variable once is enough: what they have in common is tried with the first.
            if number > 0 && proxy.is_some_and(|name| name != no_proxy::PROXIES[0]) {
                continue;
            }
            let mut environment: Vec<(&str, &str)> = no_proxy::PROXIES.map(|name| (name, "")).to_vec();
            environment.extend(proxy.map(|name| (name, "http://127.0.0.1:1")));
            environment.extend([("NO_PROXY", upper), ("no_proxy", lower)]);
            let value_of =
                |name: &str| environment.iter().rfind(|(it, _)| *it == name).map(|(_, value)| *value);
            let set = no_proxy::with_loopback(value_of);
            assert_eq!(set.is_some(), proxy.is_some());
            let [upper, lower] =
                set.map_or([upper.to_owned(), lower.to_owned()], |set| set.map(|(_, value)| value));
            let script = format!("{}{SHOW}", block());
            for shell in SHELLS {
                expect(&[shell, &["-eu", "-s"]].concat(), &script, &environment, &format!("{upper}|{lower}"));
            }
        }
    }
}

#[test]
fn what_was_there_stays_and_an_address_like_it_is_another_one() {
    let with = |upper: &'static str, lower: &'static str| {
        let value_of = move |name: &str| match name {
            "HTTP_PROXY" => Some("x"),
            "NO_PROXY" => Some(upper),
            "no_proxy" => Some(lower),
            _ => None,
        };
        no_proxy::with_loopback(value_of).unwrap().map(|(_, value)| value)
    };
    assert_eq!(with("", ""), ["127.0.0.1", "127.0.0.1"]);
    assert_eq!(with("a", ""), ["a,127.0.0.1", "a,127.0.0.1"]);
    assert_eq!(with("", "b"), ["b,127.0.0.1", "b,127.0.0.1"]);
    assert_eq!(with("a", "127.0.0.1,b"), ["a,127.0.0.1", "127.0.0.1,b"]);
    assert_eq!(with("*", "127.0.0.10"), ["*", "127.0.0.10,127.0.0.1"]);
}
