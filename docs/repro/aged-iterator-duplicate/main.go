// Shows that up to Go 1.23 a range loop can produce one map entry twice, although that entry was set before the loop and
// neither written nor deleted since.
//
// The 27th entry (in Go 1.21 the 25th) makes a map double from 4 to 8 buckets; the loop begins before the old buckets are
// all moved. Its body then adds and deletes other entries, until enough overflow buckets hang on the chains for a growth
// that keeps the number of buckets. Where a key falls is up to the hash seed of its map, so the program tries many maps.
package main

import (
	"fmt"
	"math/rand"
	"os"
	"runtime"
)

const (
	kept        = 20 // keys below are set before the loop, and left alone
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

// run loops over one map. It returns the kept keys in the order they came, and the first that came again, or -1.
func run(random *rand.Rand) (order []int, again int) {
	m := make(map[int]int)
	others := []int{}
	next := 0
	for size := 25 + 2*random.Intn(2); next < size; next++ {
		m[next] = next
		if next >= kept {
			others = append(others, next)
		}
	}
	busy := random.Intn(4) // the step of the loop in which its body writes
	writes := random.Intn(800)

	again = -1
	seen := [kept]bool{}
	step := 0
	for key := range m {
		if key < kept {
			order = append(order, key)
			if seen[key] && again < 0 {
				again = key
			}
			seen[key] = true
		}
		for ; step == busy && writes > 0; writes-- {
			if len(m) == capacity {
				last := len(others) - 1
				index := random.Intn(len(others))
				delete(m, others[index])
				others[index] = others[last]
				others = others[:last]
			}
			m[next] = next
			others = append(others, next)
			next++
		}
		step++
	}
	return order, again
}
