//go:build !go1.21

package main

const (
	hasClear = false
	hasClone = false
)

// clearMap uses the loop that compiles to the runtime's clear. It is written out for each type: with a type parameter for
// the key, Go 1.18 and 1.19 would compile a loop of deletes. Float keys, which may not equal themselves, never get the clear.
func clearMap[K comparable](of map[K]uint64) {
	switch m := interface{}(of).(type) {
	case map[uint64]uint64:
		for key := range m {
			delete(m, key)
		}
	case map[uint32]uint64:
		for key := range m {
			delete(m, key)
		}
	case map[[2]uint64]uint64:
		for key := range m {
			delete(m, key)
		}
	case map[string]uint64:
		for key := range m {
			delete(m, key)
		}
	default:
		fail("no clear for this type of key")
	}
}

func cloneMap[K comparable](map[K]uint64) map[K]uint64 { panic("no maps.Clone before Go 1.21") }
