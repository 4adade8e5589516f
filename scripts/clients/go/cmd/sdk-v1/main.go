// Calls GetCallerIdentity at the server GATE with the AWS SDK for Go v1 and its default credential chain.
// It reads the file `config`, and with it `credential_process`, only if AWS_SDK_LOAD_CONFIG is set.
// usage: sdk-v1 [CALLS [PAUSE_SECONDS]]
package main

import (
	"os"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/sts"

	"clients/repeat"
)

func main() {
	settings, err := session.NewSession(aws.NewConfig().WithCredentialsChainVerboseErrors(true))
	repeat.Must(err)
	client := sts.New(settings, aws.NewConfig().WithEndpoint(os.Getenv("GATE")))
	repeat.Call(func() error {
		_, err := client.GetCallerIdentity(&sts.GetCallerIdentityInput{})
		return err
	})
}
