roles.tf
variable "project" {}

locals {
  issuer  = "oidc.circleci.com/org/4b8f7a52-3c1d-4e6f-9a0b-2d5c8e7f1a34"
  main    = "org/4b8f7a52-3c1d-4e6f-9a0b-2d5c8e7f1a34/project/9d2e6c18-7f43-4a5b-8c90-1e3f5a7b9c2d/user/*/vcs-origin/github.com/example-org/example-app/vcs-ref/refs/heads/main"
  loop    = local.loop
  heredoc = <<-EOT
    {"Version": "2012-10-17", "Statement": []}
  EOT
}

resource "aws_iam_role" "encoded" {
  name = "encoded"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Federated = aws_iam_openid_connect_provider.circleci.arn }
        Action    = "sts:AssumeRoleWithWebIdentity"
        Condition = {
          StringEquals = {
            "${local.issuer}:aud"                           = "4b8f7a52-3c1d-4e6f-9a0b-2d5c8e7f1a34"
            "${local.issuer}:oidc.circleci.com/project-id" = var.project
          }
          StringLike = {
            (format("%s:sub", local.issuer)) = local.main
          }
        }
      },
      {
        Effect    = "Allow"
        Principal = { Federated = aws_iam_openid_connect_provider.circleci.arn }
        Action    = "sts:AssumeRoleWithWebIdentity"
        Condition = {
          StringEquals = { "${local.issuer}:aud" = "4b8f7a52-3c1d-4e6f-9a0b-2d5c8e7f1a34" }
          StringLike   = { "${local.issuer}:sub" = local.main }
        }
      },
    ]
  })
}

resource "aws_iam_role" "heredoc" {
  assume_role_policy = <<EOF
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {"Federated": "${aws_iam_openid_connect_provider.circleci.arn}"},
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringEquals": {
          "${local.issuer}:aud": "sts.amazonaws.com",
          "${local.issuer}:sub": "org/4b8f7a52-3c1d-4e6f-9a0b-2d5c8e7f1a34/project/${var.project}/user/*"
        }
      }
    }
  ]
}
EOF
}

data "aws_iam_policy_document" "merged" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::123456789012:oidc-provider/${local.issuer}"]
    }
    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["4b8f7a52-3c1d-4e6f-9a0b-2d5c8e7f1a34"]
    }
    condition {
      test     = "StringLike"
      variable = "${local.issuer}:sub"
      values   = [local.main]
    }
    condition {
      test     = "StringLike"
      variable = "${local.issuer}:sub"
      values   = ["org/4b8f7a52-3c1d-4e6f-9a0b-2d5c8e7f1a34/project/9d2e6c18-7f43-4a5b-8c90-1e3f5a7b9c2d/user/*"]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:RoleSessionName"
      values   = ["&{aws:userid}"]
    }
  }
}

data "aws_iam_policy_document" "generated" {
  source_policy_documents = [var.project]
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::123456789012:oidc-provider/${local.issuer}"]
    }
    condition {
      test     = "StringLike"
      variable = "${local.issuer}:sub"
      values   = [local.main]
    }
    dynamic "condition" {
      for_each = []
      content {}
    }
  }
}

data "aws_iam_policy_document" "guarded" {
  source_policy_documents = [var.project]
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::123456789012:oidc-provider/${local.issuer}"]
    }
    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["4b8f7a52-3c1d-4e6f-9a0b-2d5c8e7f1a34"]
    }
    condition {
      test     = "StringLike"
      variable = "${local.issuer}:sub"
      values   = [local.main]
    }
  }
}

# A policy for a bucket, which is nobody's trust policy.
data "aws_iam_policy_document" "bucket" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

data "aws_iam_policy_document" "everybody" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

resource "aws_iam_role" "elsewhere" {
  assume_role_policy = data.aws_iam_policy_document.not_here.json
}

resource "aws_iam_role" "loop" {
  assume_role_policy = local.loop
}

resource "aws_iam_role" "file" {
  assume_role_policy = file("trust.json")
}

module "role" {
  source             = "./role"
  assume_role_policy = local.heredoc
}
