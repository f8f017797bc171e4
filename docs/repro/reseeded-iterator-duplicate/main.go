// Shows that up to Go 1.23 a range loop can produce one map entry twice after it was set in the body of the loop, although
// it was neither written nor deleted in between.
//
// The body adds and deletes entries until the map is repacked (growth that keeps the number of buckets), deletes all of
// them, which gives the map another hash seed, sets the first ones again, and goes on until the map is repacked once more.
// Where a key falls is up to the hash seed, so the program tries many maps.
package main

import (
	"fmt"
	"math/rand"
	"os"
	"runtime"
)

const (
	kept        = 20 // keys below are set again once the map was emptied, and left alone from then on
	capacity    = 48 // 8 buckets take as many without doubling once more
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
		fmt.Printf("the keys that nothing touched, in the order they came: %v\n", order)
		os.Exit(1)
	}
	fmt.Printf("%s: no key came twice in %d attempts\n", runtime.Version(), attemptsMax)
}

// run loops over one map. It returns the kept keys in the order in which they came once they were set again, and the first
// that came once more, or -1.
func run(random *rand.Rand) (order []int, again int) {
	m := make(map[int]int)
	others := []int{}
	next := 0
	write := func() {
		if len(m) == capacity {
			last := len(others) - 1
			index := random.Intn(len(others))
			delete(m, others[index])
			others[index] = others[last]
			others = others[:last]
		}
		m[next] = next
		if next >= kept {
			others = append(others, next)
		}
		next++
	}
	for next < capacity {
		write()
	}

	again = -1
	seen := [kept]bool{}
	step := 0
	for key := range m {
		if step == 0 {
			for writes := random.Intn(800); writes > 0; writes-- {
				write()
			}
			for key := 0; key < kept; key++ {
				delete(m, key)
			}
			for _, key := range others {
				delete(m, key)
			}
			others = others[:0]
			for key := 0; key < kept; key++ {
				m[key] = key
			}
			for writes := random.Intn(800); writes > 0; writes-- {
				write()
			}
		} else if key < kept {
			order = append(order, key)
			if seen[key] && again < 0 {
				again = key
			}
			seen[key] = true
		}
		step++
	}
	return order, again
}
