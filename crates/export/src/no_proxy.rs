//! 127.0.0.1 among the hosts that are reached without a proxy. AWS's SDK for Rust, `object_store`, `OpenDAL` and GDAL send
//! the request to an endpoint on loopback through the proxy of `HTTP_PROXY` otherwise, its authorization included.
//!
//! The rule stands here twice: for a process that is started now, and as a line for the shells of later steps, whose own
//! `NO_PROXY` must be kept.

/// The variables that name a proxy. An endpoint is reached by http, but which of them a tool reads for that differs.
pub const PROXIES: [&str; 6] =
    ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

/// The variables with the exceptions. Some tools read only the first one, some the second one first.
pub const NAMES: [&str; 2] = ["NO_PROXY", "no_proxy"];

const ADDRESS: &str = "127.0.0.1";

/// A line for any POSIX shell. Each assignment is one of `export`, whose failure is ignored: a plain one of a readonly
/// variable would end the function around it, and one that fails would end a step with `set -e`.
pub(crate) const LINE: &str = "case ${http_proxy-}${HTTP_PROXY-}${https_proxy-}${HTTPS_PROXY-}${all_proxy-}${ALL_PROXY-} in ?*) \
    export NO_PROXY=\"${NO_PROXY:-${no_proxy-}}\" 2>/dev/null || :; export no_proxy=\"${no_proxy:-${NO_PROXY-}}\" 2>/dev/null || :; \
    case \",${NO_PROXY-},\" in ,\\*, | *,127.0.0.1,*) ;; *) export NO_PROXY=\"${NO_PROXY:+$NO_PROXY,}127.0.0.1\" 2>/dev/null || : ;; esac; \
    case \",${no_proxy-},\" in ,\\*, | *,127.0.0.1,*) ;; *) export no_proxy=\"${no_proxy:+$no_proxy,}127.0.0.1\" 2>/dev/null || : ;; esac ;; esac\n";

/// The name of the first variable that names a proxy.
pub fn proxy_of<'e>(value_of: impl Fn(&str) -> Option<&'e str>) -> Option<&'static str> {
    PROXIES.into_iter().find(|name| value_of(name).is_some_and(|value| !value.is_empty()))
}

/// The exceptions of a process with these variables, 127.0.0.1 among them; `None` if it has no proxy.
pub fn with_loopback<'e>(value_of: impl Fn(&str) -> Option<&'e str>) -> Option<[(&'static str, String); 2]> {
    proxy_of(&value_of)?;
    let [upper, lower] = NAMES.map(|name| value_of(name).unwrap_or_default());
    let or = |value: &'e str, other: &'e str| if value.is_empty() { other } else { value };
    let [of_upper, of_lower] = NAMES;
    Some([(of_upper, extended(or(upper, lower))), (of_lower, extended(or(lower, upper)))])
}

/// `*` alone covers all hosts; with an entry beside it curl takes it for a name.
fn extended(exceptions: &str) -> String {
    if exceptions.is_empty() {
        ADDRESS.to_owned()
    } else if exceptions == "*" || exceptions.split(',').any(|entry| entry == ADDRESS) {
        exceptions.to_owned()
    } else {
        format!("{exceptions},{ADDRESS}")
    }
}
