// Calls GetCallerIdentity every second with the AWS SDK for Go v2, and says with how many sets of credentials.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

func main() {
	seconds, err := strconv.Atoi(os.Args[1])
	fail(err)
	ctx := context.Background()
	settings, err := config.LoadDefaultConfig(ctx)
	fail(err)
	client := sts.NewFromConfig(settings)
	calls, keys, callers := 0, map[string]bool{}, map[string]bool{}
	for end := time.Now().Add(time.Duration(seconds) * time.Second); time.Now().Before(end); calls++ {
		identity, err := client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		fail(err)
		credentials, err := settings.Credentials.Retrieve(ctx)
		fail(err)
		callers[*identity.Arn], keys[credentials.AccessKeyID] = true, true
		time.Sleep(time.Second)
	}
	fmt.Printf("Go v2: %d calls, %d sets of credentials, none expired\n", calls, len(keys))
	if len(callers) != 1 || len(keys) < seconds/10 {
		os.Exit(1)
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
