//! A container-credentials endpoint: what there is to hand out, and who gets it. Apart from the
//! [server](crate::io::loopback_server), which only carries questions and answers, and from the
//! [command](crate::commands::serve), which renews.

mod endpoint;
mod supply;

pub(crate) use endpoint::{Endpoint, NoEndpoint};
pub(crate) use supply::Supply;
