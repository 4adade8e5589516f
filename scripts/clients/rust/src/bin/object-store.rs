//! Reads matrix/object at the server GATE with the crate `object_store` and what it finds in the environment.
//! It reads no profiles, and so starts no `credential_process`.
//! usage: object-store [CALLS [PAUSE_SECONDS]]

use object_store::aws::AmazonS3Builder;
use object_store::{ObjectStoreExt, path::Path};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    rustls::crypto::ring::default_provider().install_default().expect("no other provider");
    let store = AmazonS3Builder::from_env()
        .with_bucket_name("matrix")
        .with_endpoint(clients::gate())
        .with_allow_http(true)
        .build()
        .unwrap_or_else(|error| clients::fail(&error));
    let object = Path::from("object");
    clients::repeat(async || store.get(&object).await?.bytes().await.map(drop)).await;
}
