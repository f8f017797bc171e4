// Shows that up to Go 1.23 a range loop can leave out entries whose key is NaN, although they were set before the loop and
// nothing can delete them.
//
// Entries come and go until enough overflow buckets hang on the chains for a growth that keeps the number of buckets; the
// loop begins while it runs, and a few writes in the body finish it. The values tell the NaN entries apart. Where a key
// falls is up to the hash seed of its map, so the program tries many maps.
package main

import (
	"fmt"
	"math"
	"math/rand"
	"os"
	"runtime"
)

const (
	nans        = 20 // entries whose key is NaN, with the values from 0 up
	capacity    = 48 // 8 buckets take as many without doubling
	attemptsMax = 200_000
)

func main() {
	random := rand.New(rand.NewSource(1))
	for attempt := 1; attempt <= attemptsMax; attempt++ {
		came := run(random)
		missed := []int{}
		for value, count := range came {
			if count == 0 {
				missed = append(missed, value)
			}
		}
		if len(missed) == 0 {
			continue
		}
		fmt.Printf("%s: a loop left out %d of %d NaN entries (attempt %d)\n",
			runtime.Version(), len(missed), nans, attempt)
		fmt.Printf("set before the loop, never produced by it: the values %v\n", missed)
		os.Exit(1)
	}
	fmt.Printf("%s: no NaN entry was left out in %d attempts\n", runtime.Version(), attemptsMax)
}

// run loops over one map and returns how often each NaN entry came.
func run(random *rand.Rand) (came [nans]int) {
	m := make(map[float64]int)
	for value := 0; value < nans; value++ {
		m[math.NaN()] = value
	}
	others := []float64{}
	next := nans
	write := func() {
		if len(m) == capacity {
			last := len(others) - 1
			index := random.Intn(len(others))
			delete(m, others[index])
			others[index] = others[last]
			others = others[:last]
		}
		m[float64(next)] = next
		others = append(others, float64(next))
		next++
	}
	for writes := 40 + random.Intn(800); writes > 0; writes-- {
		write()
	}
	busy := random.Intn(8) // the step of the loop in which its body writes
	writes := random.Intn(12)

	step := 0
	for _, value := range m {
		if value < nans {
			came[value]++
		}
		for ; step == busy && writes > 0; writes-- {
			write()
		}
		step++
	}
	return came
}
