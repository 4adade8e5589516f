# shellcheck shell=bash
# The HCL in our Markdown, and the orb's example run with it and Terraform. Sourced by bash, after tools.sh,
# checks.sh, job.sh and moto.sh.

: "${root:?tools.sh comes first}" "${work:?job.sh comes first}"

# fenced_blocks LANGUAGE DIRECTORY SUFFIX: writes each such block of our Markdown to a file there: README-1.tf and so on.
fenced_blocks() {
  (cd "$root" && python3 scripts/lib/fenced-blocks.py "$1" "$2" "$3" ./*.md docs/*.md)
}

# terraform_checkout DIRECTORY: the repository that the job of docs/terraform.md checks out: the backend of that page,
# unchanged, and something to deploy.
terraform_checkout() {
  local blocks backend
  blocks=$(mktemp -d)
  fenced_blocks hcl "$blocks/hcl" tf
  backend=$(grep -l 'backend "s3"' "$blocks"/hcl/terraform-*.tf)
  mkdir "$1"
  cp "$root/scripts/end-to-end/terraform/app/main.tf" "$1/main.tf"
  cp "$backend" "$1/backend.tf"
  rm -rf "$blocks"
}

# terraform_example TERRAFORM: the orb's example, unchanged, with local-sts, and moto for S3.
terraform_example() {
  local state=example-terraform-state/app/terraform.tfstate network=example-network-state/network/terraform.tfstate
  ln -s "$1" "$work/bin/terraform"
  terraform_checkout "$work/checkout"
  # It cannot check the sessions of local-sts, so it accepts them unchecked.
  start_moto
  moto_bucket 111111111111 example-terraform-state
  moto_bucket 222222222222 example-network-state
  printf '{"version":4,"serial":1,"lineage":"network","outputs":{"subnet":{"value":"subnet-1","type":"string"}}}' >"$work/network"
  moto_setup 222222222222 s3 cp "$work/network" "s3://$network"
  cat "$work/sts/ca.pem" "$work/moto/ca.pem" >"$work/authorities.pem"
  {
    grep -v '^AWS_CA_BUNDLE=' "$work/sts/env"
    printf '%s\n' "AWS_CA_BUNDLE=$work/authorities.pem" "AWS_ENDPOINT_URL_S3=${moto:?}" \
      TF_CLI_ARGS_init=-backend-config=use_path_style=true
  } >"$work/terraform-env"
  run_job "$root/orb/src/examples/deploy-with-terraform.yml" deploy "$work/terraform-env" --project "$work/checkout" >"$work/log" 2>&1 ||
    broken 'terraform runs' "$(cat "$work/log")"
  check_output 'terraform: the state is written as 111111111111:assumed-role/tooling' \
    arn:aws:sts::111111111111:assumed-role/tooling role_of "$(moto_signers PUT "/$state")"
  check_output 'terraform: the other state is read as 222222222222:assumed-role/terraform' \
    arn:aws:sts::222222222222:assumed-role/terraform role_of "$(moto_signers GET "/$network")"
}

# role_of KEY: the role that it belongs to, as the job's log names it.
role_of() { sed -n "s|^assumed \(.*\)/[^/]* until .*(access key id $1,.*|\1|p" "$work/log"; }
