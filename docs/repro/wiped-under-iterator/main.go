// Shows that up to Go 1.23 a range loop can leave out map entries that were set before the loop and neither written nor
// deleted since.
//
// The body of the loop adds and deletes other entries, so that the map is repacked twice (growth that keeps the number of
// buckets) while the loop runs. The second time, buckets are wiped although the loop stands in one of them. Where a key
// falls is up to the hash seed of its map, so the program tries many maps. Keys are strings: buckets without pointers are
// not wiped.
package main

import (
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"strconv"
)

const (
	kept        = 20 // keys below are set before the loop, and left alone
	capacity    = 48 // 8 buckets take as many without doubling once more
	attemptsMax = 200_000
)

func main() {
	random := rand.New(rand.NewSource(1))
	for attempt := 1; attempt <= attemptsMax; attempt++ {
		order, missed := run(random)
		if len(missed) == 0 {
			continue
		}
		fmt.Printf("%s: a loop left out the keys %v (attempt %d)\n", runtime.Version(), missed, attempt)
		fmt.Printf("the other keys that nothing touched, in the order they came: %v\n", order)
		os.Exit(1)
	}
	fmt.Printf("%s: no key was left out in %d attempts\n", runtime.Version(), attemptsMax)
}

// run loops over one map. It returns the kept keys that came, in order, and those that did not.
func run(random *rand.Rand) (order, missed []string) {
	m := make(map[string]int)
	others := []string{}
	next := 0
	write := func() {
		if len(m) == capacity {
			last := len(others) - 1
			index := random.Intn(len(others))
			delete(m, others[index])
			others[index] = others[last]
			others = others[:last]
		}
		key := strconv.Itoa(next)
		m[key] = next
		if next >= kept {
			others = append(others, key)
		}
		next++
	}
	for next < capacity {
		write()
	}
	busy := random.Intn(8) // the step of the loop in which its body writes much
	writes := random.Intn(1500)

	seen := [kept]bool{}
	step := 0
	for key, value := range m {
		if value < kept {
			order = append(order, key)
			seen[value] = true
		}
		for ; step == busy && writes > 0; writes-- {
			write()
		}
		for few := random.Intn(3); step > busy && few > 0; few-- {
			write()
		}
		step++
	}
	for value, hasCome := range seen {
		if !hasCome {
			missed = append(missed, strconv.Itoa(value))
		}
	}
	return order, missed
}
