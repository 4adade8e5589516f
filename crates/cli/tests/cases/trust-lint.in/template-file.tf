resource "aws_iam_role" "ci" {
  assume_role_policy = templatefile("trust.json", {
    action = "sts:AssumeRoleWithWebIdentity"
  })
}
