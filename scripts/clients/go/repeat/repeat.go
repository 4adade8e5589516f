// Package repeat runs the request of a client as often as its command line says.
// usage: PROGRAM [CALLS [PAUSE_SECONDS]]     (default: 1 and 0)
package repeat

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

// Call calls request, and prints `ok` after each success. The first error ends the program.
func Call(request func() error) {
	calls, pause := number(1, 1), number(2, 0)
	for call := 1; call <= calls; call++ {
		Must(request())
		fmt.Println("ok")
		if call < calls {
			time.Sleep(time.Duration(pause) * time.Second)
		}
	}
}

// Must prints the error as the client library words it, and ends the program.
func Must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func number(position, otherwise int) int {
	if len(os.Args) <= position {
		return otherwise
	}
	value, err := strconv.Atoi(os.Args[position])
	Must(err)
	return value
}
