// Shows that from Go 1.21 to Go 1.23 a range loop can produce NaN entries of a map that its body has cleared.
//
// This is golang/go issue 70189. The loop begins on an array of one bucket. Its body adds entries until the map has another
// array, and then clears the map: that does not reach the array of the loop.
package main

import (
	"fmt"
	"math"
	"os"
	"runtime"
)

const attemptsMax = 1000

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

// run loops over one map. It returns the keys that came after the clear, and the number of entries left by then.
func run() (ghosts []float64, left int) {
	m := make(map[float64]int)
	for value := 0; value < 4; value++ {
		m[math.NaN()] = value
	}
	step := 0
	for key := range m {
		if step > 0 {
			ghosts = append(ghosts, key)
		} else {
			for key := 1; key <= 16; key++ {
				m[float64(key)] = key
			}
			clear(m)
			left = len(m)
		}
		step++
	}
	return ghosts, left
}
