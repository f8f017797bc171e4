//go:build !go1.21

package main

const (
	hasClear = false
	hasClone = false
)

// clearMap uses the loop that compiles to the runtime's clear, for keys that equal themselves.
func clearMap[K comparable](m map[K]uint64) {
	for key := range m {
		delete(m, key)
	}
}

func cloneMap[K comparable](map[K]uint64) map[K]uint64 { panic("no maps.Clone before Go 1.21") }
