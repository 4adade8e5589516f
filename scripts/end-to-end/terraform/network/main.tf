# What another team keeps in the workload account, with its state there too.
terraform {
  backend "s3" {
    bucket  = "example-network-state"
    key     = "network/terraform.tfstate"
    region  = "eu-west-1"
    profile = "workload"
  }
}

output "subnet" {
  value = "subnet-0123456789abcdef0"
}
