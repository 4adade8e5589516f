// Calls GetCallerIdentity at the server GATE with the AWS SDK for Go v2 and its default credential chain.
// usage: sdk-v2 [CALLS [PAUSE_SECONDS]]
package main

import (
	"context"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"clients/repeat"
)

func main() {
	ctx := context.Background()
	settings, err := config.LoadDefaultConfig(ctx)
	repeat.Must(err)
	client := sts.NewFromConfig(settings, func(options *sts.Options) {
		options.BaseEndpoint = aws.String(os.Getenv("GATE"))
	})
	repeat.Call(func() error {
		_, err := client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		return err
	})
}
