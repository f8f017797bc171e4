//go:build go1.21

package main

import "maps"

const (
	hasClear = true
	hasClone = true
)

func clearMap[K comparable](m map[K]uint64) { clear(m) }

func cloneMap[K comparable](m map[K]uint64) map[K]uint64 { return maps.Clone(m) }
