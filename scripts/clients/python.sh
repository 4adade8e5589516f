# shellcheck shell=bash
# The clients that are Python packages. Sourced by bash, after tools.sh.

: "${root:?tools.sh comes first}"

# NAME: a virtual environment of tools.sh, the package whose version counts, and the function of python_clients.py.
declare -A python_clients=(
  ['boto3']='aws boto3 boto3'
  ['boto3-1.26']='clients-boto3 boto3 boto3'
  ['aws-cli']='aws awscli -'
  ['s3fs']='clients-s3fs s3fs s3fs'
  ['awscrt']='clients awscrt awscrt'
  ['s3torchconnector']='clients s3torchconnectorclient s3torchconnector'
  ['tensorstore']='clients tensorstore tensorstore'
  ['obstore']='clients obstore obstore'
  ['polars']='clients polars polars'
  ['deltalake']='clients deltalake deltalake'
  ['duckdb']='clients duckdb duckdb'
  ['duckdb-refresh']='clients duckdb duckdb-refresh'
  ['pyarrow-21']='clients pyarrow pyarrow'
  ['pyarrow']='clients-arrow pyarrow pyarrow'
  ['pyarrow-17']='clients-arrow-17 pyarrow pyarrow'
  ['daft']='clients-more daft daft'
  ['datafusion']='clients-more datafusion datafusion'
  ['icechunk']='clients-more icechunk icechunk'
  ['lance']='clients-more pylance lance'
  ['minio']='clients-more minio minio'
  ['opendal']='clients-more opendal opendal'
  ['rasterio']='clients-more rasterio rasterio'
)

# python_client NAME: prints its version and, after a tab, the command that runs it. Installs what it needs.
python_client() {
  local environment package function venv version
  read -r environment package function <<<"${python_clients[$1]}"
  venv=$(python_has "$environment")
  version=$("$venv/bin/python" -c 'import sys; from importlib.metadata import version; print(version(sys.argv[1]))' "$package")
  case $function in
  -) printf '%s\t%s\n' "$version" "$root/scripts/clients/cli/aws.sh $venv/bin/aws" ;;
  *) printf '%s\t%s\n' "$version" "$venv/bin/python $root/scripts/clients/matrix/python_clients.py $function" ;;
  esac
}
