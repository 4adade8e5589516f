"""The clients that are Python packages, one function each: it takes the URL of the server and returns a call.

usage: GATE=URL python_clients.py NAME [CALLS [PAUSE]]
Makes CALLS signed requests with the credentials that the client finds by itself, PAUSE seconds apart. Prints `ok` for each
success; the first failure is printed on stderr and ends it with 1.
"""

import os
import sys
import time

GATE = os.environ["GATE"]
HOST = GATE.removeprefix("http://")
REGION = "eu-west-1"
KEY = "s3://matrix/object"


def boto3():
    import boto3
    sts = boto3.Session().client("sts", endpoint_url=GATE)
    return sts.get_caller_identity


def s3fs():
    import s3fs
    fs = s3fs.S3FileSystem(endpoint_url=GATE, use_listings_cache=False)
    return lambda: fs.cat_file("matrix/object")


def awscrt():
    import urllib.request
    from awscrt import auth, http, io
    bootstrap = io.ClientBootstrap.get_or_create_static_default()
    provider = auth.AwsCredentialsProvider.new_default_chain(bootstrap)

    def call():
        request = http.HttpRequest("GET", "/matrix/object", http.HttpHeaders([("Host", HOST)]))
        config = auth.AwsSigningConfig(
            algorithm=auth.AwsSigningAlgorithm.V4, signature_type=auth.AwsSignatureType.HTTP_REQUEST_HEADERS,
            credentials_provider=provider, region=REGION, service="s3",
            signed_body_header_type=auth.AwsSignedBodyHeaderType.X_AMZ_CONTENT_SHA_256)
        auth.aws_sign_request(request, config).result(60)
        urllib.request.urlopen(urllib.request.Request(f"{GATE}/matrix/object", headers=dict(request.headers)))
    return call


def s3torchconnector():
    from s3torchconnectorclient._mountpoint_s3_client import MountpointS3Client
    client = MountpointS3Client(region=REGION, endpoint=GATE, force_path_style=True)
    return lambda: client.head_object("matrix", "object")


def tensorstore():
    import tensorstore
    store = tensorstore.KvStore.open({"driver": "s3", "bucket": "matrix", "endpoint": GATE, "aws_region": REGION}).result()

    def call():
        if store.read("object").result().state != "value":
            raise RuntimeError("no value")
    return call


def obstore():
    from obstore.store import S3Store
    import obstore
    store = S3Store("matrix", endpoint=GATE, client_options={"allow_http": True})
    return lambda: obstore.get(store, "object").bytes()


def polars():
    import polars
    options = {"aws_endpoint_url": GATE, "aws_allow_http": "true"}
    return lambda: polars.scan_csv(KEY, storage_options=options).collect()


def deltalake():
    import deltalake
    options = {"AWS_ENDPOINT_URL": GATE, "AWS_ALLOW_HTTP": "true"}

    def call():
        if deltalake.DeltaTable.is_deltatable("s3://matrix/table", storage_options=options):
            raise RuntimeError("there is no table")
    return call


def pyarrow():
    from pyarrow import fs
    s3 = fs.S3FileSystem(endpoint_override=HOST, scheme="http", region=REGION)
    return lambda: s3.open_input_stream("matrix/object").read()


def duckdb(refresh=""):
    import duckdb
    from duckdb_extensions import import_extension
    import_extension("httpfs")
    import_extension("aws")
    db = duckdb.connect()
    db.execute("LOAD httpfs; LOAD aws; SET enable_http_metadata_cache = false;")
    db.execute(f"CREATE SECRET (TYPE s3, PROVIDER credential_chain, ENDPOINT '{HOST}', USE_SSL false, URL_STYLE 'path', "
               f"REGION '{REGION}'{refresh})")
    return lambda: db.execute(f"SELECT content FROM read_text('{KEY}')").fetchall()


def duckdb_refresh():
    return duckdb(", REFRESH auto")


def opendal():
    import opendal
    operator = opendal.Operator("s3", bucket="matrix", endpoint=GATE, region=REGION)
    return lambda: operator.read("object")


def daft():
    import daft
    from daft.io import IOConfig, S3Config
    config = IOConfig(s3=S3Config(endpoint_url=GATE, region_name=REGION, use_ssl=False))
    return lambda: daft.read_csv(KEY, io_config=config).to_pydict()


def lance():
    import lance
    options = {"aws_endpoint": GATE, "allow_http": "true", "aws_region": REGION}

    def call():
        try:
            lance.dataset("s3://matrix/table", storage_options=options)
        except Exception as error:
            if "not found" not in str(error).lower():
                raise
    return call


def rasterio():
    """GDAL's /vsis3/, which ends in another error than a refusal: the object is no image."""
    import rasterio
    os.environ.update(AWS_S3_ENDPOINT=HOST, AWS_HTTPS="NO", AWS_VIRTUAL_HOSTING="FALSE", GDAL_DISABLE_READDIR_ON_OPEN="YES",
                      VSI_CACHE="FALSE", CPL_VSIL_CURL_NON_CACHED="/vsis3/matrix")

    def call():
        with rasterio.Env(session=rasterio.session.DummySession()):
            try:
                rasterio.open("/vsis3/matrix/object")
            except rasterio.errors.RasterioIOError as error:
                if "not recognized" not in str(error):
                    raise
    return call


def minio():
    from minio import Minio
    from minio import credentials
    chain = credentials.ChainedProvider(
        [credentials.EnvAWSProvider(), credentials.AWSConfigProvider(), credentials.IamAwsProvider()])
    client = Minio(HOST, secure=False, region=REGION, credentials=chain)
    return lambda: client.stat_object("matrix", "object")


def icechunk():
    import icechunk
    storage = icechunk.s3_storage(bucket="matrix", prefix="ice", endpoint_url=GATE, allow_http=True, region=REGION,
                                  force_path_style=True, from_env=True)
    return lambda: icechunk.Repository.exists(storage)


def datafusion():
    import datafusion
    from datafusion.object_store import AmazonS3
    store = AmazonS3(bucket_name="matrix", region=REGION, endpoint=GATE, allow_http=True)
    context = datafusion.SessionContext()
    context.register_object_store("s3://matrix/", store, None)
    return lambda: context.read_csv(KEY, file_extension="").collect()


def main(name, calls="1", pause="0"):
    try:
        call = globals()[name.replace("-", "_")]()
        for number in range(int(calls)):
            if number:
                time.sleep(float(pause))
            call()
            print("ok", flush=True)
    except BaseException as error:
        text = " ".join(f"{type(error).__name__}: {error}".split())
        print(text[:2000], file=sys.stderr)
        # Some clients have threads that wait for a server.
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


main(*sys.argv[1:])
