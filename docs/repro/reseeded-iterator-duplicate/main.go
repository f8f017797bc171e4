// Shows that from Go 1.16 to Go 1.23 a range loop can produce one map entry twice that was set once in the body of the loop,
// and neither written nor deleted since.
//
// The loop begins while the map doubles from 4 to 8 buckets (in Go 1.21 at the 25th entry, otherwise at the 27th). Its body
// makes the map double once more, clears it, which gives it another hash seed, and sets the first keys again. The loop
// goes on in arrays that were laid out by the old seed. Where a key falls is up to the seeds, so the program tries many maps.
package main

import (
	"fmt"
	"math/rand"
	"os"
	"runtime"
)

const (
	kept        = 20 // keys below are set again after the clear, and left alone from then on
	attemptsMax = 200_000
)

func main() {
	random := rand.New(rand.NewSource(1))
	for attempt := 1; attempt <= attemptsMax; attempt++ {
		order, again := run(random)
		if again < 0 {
			continue
		}
		fmt.Printf("%s: key %d came twice in one loop (attempt %d)\n", runtime.Version(), again, attempt)
		fmt.Printf("the keys set after the clear, in the order they came: %v\n", order)
		os.Exit(1)
	}
	fmt.Printf("%s: no key came twice in %d attempts\n", runtime.Version(), attemptsMax)
}

// run loops over one map. It returns the keys that came after the clear, in order, and the first that came again, or -1.
func run(random *rand.Rand) (order []int, again int) {
	m := make(map[int]int)
	size := 25 + 2*random.Intn(2)
	for key := 0; key < size; key++ {
		m[key] = key
	}

	again = -1
	seen := [kept]bool{}
	hasCleared := false
	for key := range m {
		if hasCleared {
			order = append(order, key)
			if seen[key] && again < 0 {
				again = key
			}
			seen[key] = true
		} else {
			for key := size; key < 100; key++ {
				m[key] = key
			}
			for key := range m { // compiled to a clear of the whole map
				delete(m, key)
			}
			hasCleared = true
			for key := 0; key < kept; key++ {
				m[key] = key
			}
		}
	}
	return order, again
}
