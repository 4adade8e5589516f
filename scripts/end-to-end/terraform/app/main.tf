# Stands for what a team deploys. The AWS provider can't be had here, so what shows that the workload profile is used
# is a state in that account, read by the same SDK. The backend is that of docs/terraform.md.
data "terraform_remote_state" "network" {
  backend = "s3"
  config = {
    bucket  = "example-network-state"
    key     = "network/terraform.tfstate"
    region  = "eu-west-1"
    profile = "workload"
    # S3 by the name of the bucket's host would need a DNS server.
    use_path_style = true
  }
}

resource "terraform_data" "release" {
  input = data.terraform_remote_state.network.outputs.subnet
}
