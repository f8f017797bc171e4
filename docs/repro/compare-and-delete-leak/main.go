// Shows that sync.Map of Go 1.20 to 1.23 keeps every key that CompareAndDelete removes while the key is new:
// memory grows without bound although one key lives. The same loop with LoadAndDelete stays flat.
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
	fmt.Println(runtime.Version())
	for _, remove := range []string{"CompareAndDelete", "LoadAndDelete"} {
		var m sync.Map
		m.Store("anchor", 0)
		before := heapMiB()
		for key := 0; key < 1_000_000; key++ {
			m.Store(key, key)
			if remove == "CompareAndDelete" {
				m.CompareAndDelete(key, key)
			} else {
				m.LoadAndDelete(key)
			}
		}
		live := 0
		after := heapMiB()
		m.Range(func(any, any) bool { live++; return true })
		fmt.Printf("%-17s live keys %d, heap grew by %d MiB\n", remove, live, after-before)
	}
}
