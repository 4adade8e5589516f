resource "aws_iam_role" "named" {
  assume_role_policy = file("${path.module}/policies/trust.json")
}

resource "aws_iam_role" "outside" {
  assume_role_policy = file("../role.tf")
}

resource "aws_iam_role" "missing" {
  assume_role_policy = file("missing.json")
}

resource "aws_iam_role" "documented" {
  assume_role_policy = data.aws_iam_policy_document.documented.json
}
