// Shows that up to Go 1.23 a range loop whose body clears the map can produce one entry twice that was set after the clear
// and neither written nor deleted since.
//
// A map made for 96 entries has 16 buckets and a few overflow buckets in advance. The loop stands in one of those when the
// map is cleared; then other entries are set, and the bucket becomes part of another chain. Where a key falls is up to the
// hash seed of its map, so the program tries many maps.
package main

import (
	"fmt"
	"math/rand"
	"os"
	"runtime"
)

const (
	size        = 96
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
		fmt.Printf("the keys from after the clear, in the order they came: %v\n", order)
		os.Exit(1)
	}
	fmt.Printf("%s: no key came twice in %d attempts\n", runtime.Version(), attemptsMax)
}

// run loops over one map. It returns the keys that came after the clear, in order, and the first that came again, or -1.
func run(random *rand.Rand) (order []int, again int) {
	m := make(map[int]int, size)
	for key := 0; key < size; key++ {
		m[key] = key
	}
	busy := random.Intn(size) // the step of the loop in which its body clears the map

	again = -1
	seen := map[int]bool{}
	step := 0
	for key := range m {
		if step > busy {
			order = append(order, key)
			if seen[key] && again < 0 {
				again = key
			}
			seen[key] = true
		}
		if step == busy {
			for key := range m { // compiled to a clear of the whole map
				delete(m, key)
			}
			for key := size; key < 2*size; key++ {
				m[key] = key
			}
		}
		step++
	}
	return order, again
}
