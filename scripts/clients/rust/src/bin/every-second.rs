//! Calls GetCallerIdentity every second with the AWS SDK for Rust, and says with how many sets of credentials.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use aws_config::BehaviorVersion;
use aws_sdk_sts::config::ProvideCredentials;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let seconds: u64 = std::env::args().nth(1).expect("seconds").parse().expect("a number");
    // It trusts the certificates of SSL_CERT_FILE; AWS_CA_BUNDLE it does not know.
    let http =
        aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let settings = aws_config::defaults(BehaviorVersion::latest()).http_client(http).load().await;
    let client = aws_sdk_sts::Client::new(&settings);
    let provider = settings.credentials_provider().expect("a provider");
    let (mut calls, mut keys, mut callers) = (0, BTreeSet::new(), BTreeSet::new());
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(seconds) {
        let identity = client.get_caller_identity().send().await.expect("an identity");
        let credentials = provider.provide_credentials().await.expect("credentials");
        callers.insert(identity.arn.expect("an ARN"));
        keys.insert(credentials.access_key_id().to_owned());
        calls += 1;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    println!("Rust: {calls} calls, {} sets of credentials, none expired", keys.len());
    assert!(callers.len() == 1 && keys.len() as u64 >= seconds / 10);
}
