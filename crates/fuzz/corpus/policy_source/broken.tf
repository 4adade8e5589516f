broken.tf
resource "aws_iam_role" "x" {
  assume_role_policy = jsonencode({
}
