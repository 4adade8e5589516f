resource "aws_iam_role" "deploy" {
  name = "deploy"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = aws_iam_openid_connect_provider.circleci.arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringLike = {
          "oidc.circleci.com/org/11111111-1111-4111-8111-111111111111:sub" = "org/11111111-1111-4111-8111-111111111111/*"
        }
      }
    }]
  })
}
