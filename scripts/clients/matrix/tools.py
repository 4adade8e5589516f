"""The clients of the matrix: names, how they are grouped, and what the page says of each."""

import dataclasses

WAYS = {
    "environment": "environment",
    "profile": "profile",
    "process": "credential-process",
    "process-refused": "the same with old credentials",
    "endpoint": "endpoint",
    "behind-proxy": "the same behind a proxy",
}


@dataclasses.dataclass
class Tool:
    # As in clients.sh.
    name: str
    # As in the page.
    title: str
    # The SDK that looks for the credentials.
    family: str
    # Variables that a user has to set for it in some way, tried one by one.
    needs: dict = dataclasses.field(default_factory=dict)
    # Whether its program makes several calls with one client.
    repeats: bool = True


GO_V1 = {"AWS_SDK_LOAD_CONFIG": "1"}
TOOLS = [
    Tool("boto3", "boto3", "Python"),
    Tool("boto3-1.26", "boto3", "Python"),
    Tool("aws-cli", "AWS CLI v1", "Python", repeats=False),
    Tool("aws-cli-2.9", "AWS CLI v2", "Python, C runtime", repeats=False),
    Tool("s3fs", "s3fs", "Python"),
    Tool("go-v2", "SDK for Go v2", "Go v2"),
    Tool("rclone", "rclone", "Go v2", repeats=False),
    Tool("opentofu", "OpenTofu", "Go v2", {"AWS_REGION": "eu-west-1"}, repeats=False),
    Tool("go-v1", "SDK for Go v1", "Go v1", GO_V1),
    Tool("s5cmd", "s5cmd", "Go v1", GO_V1, repeats=False),
    Tool("rclone-1.60", "rclone", "Go v1", GO_V1, repeats=False),
    Tool("minio-go", "minio-go", "own, Go"),
    Tool("restic", "restic", "own, Go", repeats=False),
    Tool("restic-0.14", "restic", "own, Go", repeats=False),
    Tool("js-v3", "SDK for JavaScript v3", "JavaScript v3"),
    Tool("js-v2", "SDK for JavaScript v2", "JavaScript v2", GO_V1),
    Tool("java-v2", "SDK for Java v2", "Java v2"),
    Tool("java-v1", "SDK for Java v1", "Java v1"),
    Tool("rust-sdk", "SDK for Rust", "Rust"),
    Tool("daft", "Daft", "Rust"),
    Tool("icechunk", "Icechunk", "Rust"),
    Tool("lance", "Lance", "Rust"),
    Tool("datafusion", "DataFusion", "object_store"),
    Tool("rust-object-store", "object_store", "object_store"),
    Tool("obstore", "obstore", "object_store"),
    Tool("deltalake", "deltalake", "object_store"),
    Tool("polars", "Polars without boto3", "object_store"),
    Tool("opendal", "OpenDAL", "own, Rust"),
    Tool("awscrt", "awscrt", "C runtime"),
    Tool("s3torchconnector", "s3torchconnectorclient", "C runtime"),
    Tool("tensorstore", "TensorStore", "C runtime"),
    Tool("pyarrow-17", "PyArrow", "C++"),
    Tool("pyarrow-21", "PyArrow", "C++"),
    Tool("pyarrow", "PyArrow", "C++"),
    Tool("duckdb", "DuckDB", "C++"),
    Tool("duckdb-refresh", "DuckDB with `REFRESH auto`", "C++"),
    Tool("rasterio", "rasterio (GDAL)", "own, C++"),
    Tool("minio", "MinIO SDK for Python", "own, Python"),
]
