ovotech.tf
# The shape of ovotech/circleci-orbs, aws-configure-credentials-oidc/README.md: ids in locals, one project by its
# V1 subject, no audience. Names and ids are ours.
locals {
  organization = "4b8f7a52-3c1d-4e6f-9a0b-2d5c8e7f1a34"
  project      = "9d2e6c18-7f43-4a5b-8c90-1e3f5a7b9c2d"
}

resource "aws_iam_openid_connect_provider" "circleci" {
  url             = "https://oidc.circleci.com/org/${local.organization}"
  client_id_list  = [local.organization]
  thumbprint_list = ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"]
}

data "aws_caller_identity" "this" {}

resource "aws_iam_role" "deploy" {
  name               = "deploy"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "trust" {
  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.this.account_id}:oidc-provider/oidc.circleci.com/org/${local.organization}"]
    }

    condition {
      test     = "StringLike"
      variable = "oidc.circleci.com/org/${local.organization}:sub"
      values   = ["org/${local.organization}/project/${local.project}/user/*"]
    }
  }
}
