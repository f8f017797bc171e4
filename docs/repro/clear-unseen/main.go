// Shows that up to Go 1.20 a range loop can produce entries of a map that its body has emptied.
//
// The 27th entry makes a map double from 4 to 8 buckets; here that happens in the body of the loop, so that the loop walks
// the old array. Emptying the map by the loop below is compiled to a clear, which does not touch that array. (golang/go
// issue 59411 found this with NaN keys, before Go 1.21 brought the builtin clear.)
package main

import (
	"fmt"
	"os"
	"runtime"
)

const (
	size        = 26 // what 4 buckets take
	attemptsMax = 1000
)

func main() {
	for attempt := 1; attempt <= attemptsMax; attempt++ {
		ghosts, left := run()
		if len(ghosts) == 0 {
			continue
		}
		fmt.Printf("%s: the map had %d entries when the loop went on to produce the keys %v (attempt %d)\n",
			runtime.Version(), left, ghosts, attempt)
		os.Exit(1)
	}
	fmt.Printf("%s: nothing came after the clear in %d attempts\n", runtime.Version(), attemptsMax)
}

// run loops over one map. It returns the keys that came after the clear, and the number of entries left by then. Go 1.19
// misses the clear where it inlines the function.
//
//go:noinline
func run() (ghosts []int, left int) {
	m := make(map[int]int)
	for key := 0; key < size; key++ {
		m[key] = key
	}
	step := 0
	for key := range m {
		if step > 0 {
			ghosts = append(ghosts, key)
		} else {
			m[size] = size
			for key := range m { // compiled to a clear of the whole map
				delete(m, key)
			}
			left = len(m)
		}
		step++
	}
	return ghosts, left
}
