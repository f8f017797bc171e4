//go:build go1.20

package main

import "sync"

// versionedSync does Swap, CompareAndSwap or CompareAndDelete.
func versionedSync(m *sync.Map, op, key, old, value int) object {
	switch op {
	case opSwap:
		previous, loaded := m.Swap(key, value)
		return object{
			field("op", "swap"), field("k", key), field("v", value),
			field("r", foundOrNil(previous, loaded)),
		}
	case opCompareAndSwap:
		swapped := m.CompareAndSwap(key, old, value)
		return object{
			field("op", "compareAndSwap"), field("k", key), field("old", old), field("v", value),
			field("r", swapped),
		}
	default:
		deleted := m.CompareAndDelete(key, old)
		return object{
			field("op", "compareAndDelete"), field("k", key), field("old", old), field("r", deleted),
		}
	}
}
