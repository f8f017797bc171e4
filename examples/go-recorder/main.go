// Command go-recorder runs goroutines against a map and writes what they did as a history that mapcheck judges:
//
//	go run . | npx mapcheck history -
//	go run . -map broken | npx mapcheck history -
package main

import (
	"flag"
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"sync"
)

// Map is what sync.Map offers, values given as int64 so that each can be written once.
type Map interface {
	Load(key any) (value any, ok bool)
	Store(key, value any)
	LoadOrStore(key, value any) (actual any, loaded bool)
	LoadAndDelete(key any) (value any, loaded bool)
	Delete(key any)
	Swap(key, value any) (previous any, loaded bool)
	CompareAndSwap(key, old, new any) (swapped bool)
	CompareAndDelete(key, old any) (deleted bool)
}

func main() {
	name := flag.String("map", "sync", "the map: sync (sync.Map) or broken (checks first, acts later)")
	goroutines := flag.Int("goroutines", 4, "goroutines that use the map at the same time")
	operations := flag.Int("operations", 1000, "operations of each goroutine")
	keys := flag.Int("keys", 2, "keys in use")
	seed := flag.Int64("seed", 1, "seed of the operations; the interleaving is Go's")
	flag.Parse()

	var target Map
	switch *name {
	case "sync":
		target = &sync.Map{}
	case "broken":
		target = &checkThenAct{}
	default:
		fmt.Fprintf(os.Stderr, "unknown map %q, expected sync or broken\n", *name)
		os.Exit(2)
	}

	recorder := newRecorder(*goroutines)
	var group sync.WaitGroup
	for process := range *goroutines {
		group.Add(1)
		go func() {
			defer group.Done()
			user := user{
				target: target,
				log:    &recorder.logs[process],
				draw:   rand.New(rand.NewSource(*seed*1000 + int64(process))),
				keys:   *keys,
				// Values of different goroutines never meet: the high digits say who wrote.
				next: int64(process+1) * 1_000_000,
				old:  make([]any, *keys),
			}
			for range *operations {
				user.step()
			}
		}()
	}
	group.Wait()
	if err := recorder.write(os.Stdout, "go-"+*name); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// user is one goroutine's part: it draws an operation, records the call, does it, records the return.
type user struct {
	target Map
	log    *log
	draw   *rand.Rand
	keys   int
	next   int64
	// old holds the last value seen for each key, for compares that often succeed.
	old []any
}

func (u *user) step() {
	key := u.draw.Intn(u.keys)
	if u.draw.Intn(8) == 0 {
		runtime.Gosched()
	}
	switch u.draw.Intn(8) {
	case 0, 1:
		u.log.call("load", key, nil, nil)
		value, ok := u.target.Load(key)
		u.log.returnValue(value, ok)
		u.see(key, value, ok)
	case 2:
		value := u.value()
		u.log.call("store", key, nil, value)
		u.target.Store(key, value)
		u.log.returnNothing()
	case 3:
		value := u.value()
		u.log.call("loadOrStore", key, nil, value)
		actual, loaded := u.target.LoadOrStore(key, value)
		u.log.returnPair(actual, true, loaded)
		u.see(key, actual, true)
	case 4:
		u.log.call("loadAndDelete", key, nil, nil)
		value, loaded := u.target.LoadAndDelete(key)
		u.log.returnPair(value, loaded, loaded)
	case 5:
		value := u.value()
		u.log.call("swap", key, nil, value)
		previous, loaded := u.target.Swap(key, value)
		u.log.returnPair(previous, loaded, loaded)
		u.see(key, value, true)
	case 6:
		if u.old[key] == nil {
			u.log.call("delete", key, nil, nil)
			u.target.Delete(key)
			u.log.returnNothing()
			return
		}
		value := u.value()
		u.log.call("compareAndSwap", key, u.old[key], value)
		u.log.returnFlag(u.target.CompareAndSwap(key, u.old[key], value))
	case 7:
		if u.old[key] == nil {
			return
		}
		u.log.call("compareAndDelete", key, u.old[key], nil)
		u.log.returnFlag(u.target.CompareAndDelete(key, u.old[key]))
	}
}

func (u *user) value() int64 {
	u.next++
	return u.next
}

func (u *user) see(key int, value any, ok bool) {
	if ok {
		u.old[key] = value
	}
}
