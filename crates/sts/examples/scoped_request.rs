//! Prints a signed `GetScopedCredentials` as JSON, for a comparison with another client's:
//! `cargo run -p sts --example scoped_request -- REGION TIME POLICY DURATION DESCRIPTION`, with `""` for what is absent.

use std::error::Error;
use std::io::{self, Write as _};

use aws::{Region, Secret, Timestamp};
use serde_json::{Map, Value, json};
use sts::{
    Endpoint, FORM_CONTENT_TYPE, GetScopedCredentials, RegionalEndpoint, Scope, SigningKeys, TemporaryKeys,
    Variant,
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [region, time, policy, duration, description] = &arguments[..] else {
        return Err("usage: scoped_request REGION TIME POLICY DURATION DESCRIPTION".into());
    };
    let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let scope = Scope::new(
        given(policy).map(|text| text.parse()).transpose()?,
        given(duration).map(|text| text.parse()).transpose()?,
        given(description).map(|text| text.parse()).transpose()?,
    )?;
    let (secret, token) =
        (Secret::new("example-secret".to_owned()), Secret::new("example-token//==".to_owned()));
    let keys = TemporaryKeys::try_from(SigningKeys {
        access_key_id: "ASIAEXAMPLEEXAMPLE12",
        secret_access_key: &secret,
        session_token: Some(&token),
    })?;
    let region: Region = region.parse()?;
    let endpoint = Endpoint::of_region(&region, Variant::default())?;
    let endpoint = RegionalEndpoint::new(&endpoint, Some(&region))?;
    let form = GetScopedCredentials { scope: &scope }.to_form();
    let signed = GetScopedCredentials::headers(keys, &endpoint, &form, Timestamp::from_basic(time)?);
    let mut headers = Map::new();
    for (name, value) in signed.iter().map(|(name, value)| (*name, value.expose())) {
        headers.insert(name.to_owned(), Value::from(value));
    }
    headers.insert("content-type".to_owned(), Value::from(FORM_CONTENT_TYPE));
    let url = format!("https://{}/", endpoint.host());
    writeln!(io::stdout(), "{}", json!({ "url": url, "headers": headers, "body": form.as_str() }))?;
    Ok(())
}
