//! Calls GetCallerIdentity at the server GATE with the AWS SDK for Rust and its default credential chain.
//! usage: sdk [CALLS [PAUSE_SECONDS]]

use aws_config::BehaviorVersion;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // As in every-second: ring, where the SDK's default is AWS-LC.
    let http =
        aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let settings = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .endpoint_url(clients::gate())
        .load()
        .await;
    let client = aws_sdk_sts::Client::new(&settings);
    clients::repeat(async || client.get_caller_identity().send().await.map(drop)).await;
}
