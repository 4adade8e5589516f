// Reads matrix/object at the server GATE with minio-go and the chain of credentials that it documents.
// That library reads no Region from the environment or a file; a first request gets the bucket's from the server.
// usage: minio [CALLS [PAUSE_SECONDS]]
package main

import (
	"context"
	"io"
	"net/url"
	"os"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"clients/repeat"
)

func main() {
	gate, err := url.Parse(os.Getenv("GATE"))
	repeat.Must(err)
	client, err := minio.New(gate.Host, &minio.Options{
		Creds: credentials.NewChainCredentials([]credentials.Provider{
			&credentials.EnvAWS{},
			&credentials.FileAWSCredentials{},
			&credentials.IAM{},
		}),
		BucketLookup: minio.BucketLookupPath,
	})
	repeat.Must(err)
	repeat.Call(func() error {
		object, err := client.GetObject(context.Background(), "matrix", "object", minio.GetObjectOptions{})
		if err != nil {
			return err
		}
		defer object.Close()
		_, err = io.Copy(io.Discard, object)
		return err
	})
}
