// Recorder runs random operations on the maps of the Go it is built with and writes what happened, as NDJSON.
//
// Where the runtime has the classic map and the classic sync.Map (Go 1.18 to 1.23), the internal state stands on each
// line. Later releases have other designs; there, results are all there is to write. The choice of operations depends on
// the seed alone; hashes, seeds of maps and starts of iterations are the runtime's own and differ from run to run.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
)

// sink receives the finished traces.
var sink = bufio.NewWriterSize(os.Stdout, 1<<20)

func main() {
	seed := flag.String("seed", "1", "text that all choices are made from")
	traces := flag.Int("traces", 10, "number of traces of each kind")
	flag.Parse()
	if runtime.GOARCH != "amd64" && runtime.GOARCH != "arm64" {
		fail("unsupported architecture " + runtime.GOARCH + ": the recorder reads 64-bit layouts")
	}
	// A trace is short. Collecting between traces keeps retired arrays as they were while somebody may look at them.
	debug.SetGCPercent(-1)
	line(sink, object{
		field("kind", "recorder"), field("go", runtime.Version()),
		field("goos", runtime.GOOS), field("goarch", runtime.GOARCH),
		field("classicMap", hasClassicMap), field("classicSyncMap", hasClassicSyncMap),
		field("clear", hasClear), field("clone", hasClone),
	})
	for index := 0; index < *traces; index++ {
		if hasClassicMap {
			recordMapState(*seed, index)
		}
		recordMapResults(*seed, index)
		recordSync(*seed, index)
		runtime.GC()
	}
	line(sink, object{field("kind", "end"), field("traces", *traces)})
	if err := sink.Flush(); err != nil {
		fail(err.Error())
	}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, "recorder: "+message)
	os.Exit(3)
}
