// Shows that sync.Map of Go 1.15.0 keeps every key that Delete removes while the key is new: memory grows without bound
// although one key lives. This is golang/go issue 40999.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

// heapMiB returns the live heap in MiB.
func heapMiB() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc >> 20
}

func main() {
	var m sync.Map
	m.Store("anchor", 0)
	before := heapMiB()
	for key := 0; key < 1000000; key++ {
		m.Store(key, key)
		m.Delete(key)
	}
	after := heapMiB()
	live := 0
	m.Range(func(interface{}, interface{}) bool { live++; return true })
	fmt.Printf("%s: live keys %d, heap grew by %d MiB\n", runtime.Version(), live, after-before)
}
