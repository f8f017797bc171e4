package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// keyKind says how keys of a type are made from small numbers and written as text.
type keyKind[K comparable] struct {
	name string
	// path is the access path the compiler picks for the type.
	path string
	size int
	make func(index int) K
	text func(key K) string
}

var uint64Keys = keyKind[uint64]{
	name: "uint64", path: "fast64", size: 8,
	make: func(index int) uint64 {
		if index%5 == 4 {
			return uint64(index) * 0x9e3779b97f4a7c15
		}
		return uint64(index)
	},
	text: func(key uint64) string { return strconv.FormatUint(key, 10) },
}

var uint32Keys = keyKind[uint32]{
	name: "uint32", path: "fast32", size: 4,
	make: func(index int) uint32 { return uint32(index) * 2654435761 },
	text: func(key uint32) string { return strconv.FormatUint(uint64(key), 10) },
}

var pairKeys = keyKind[[2]uint64]{
	name: "[2]uint64", path: "generic", size: 16,
	make: func(index int) [2]uint64 { return [2]uint64{uint64(index % 7), uint64(index)} },
	text: func(key [2]uint64) string { return fmt.Sprintf("%d,%d", key[0], key[1]) },
}

var stringKeys = keyKind[string]{
	name: "string", path: "faststr", size: 16,
	make: func(index int) string {
		switch index % 6 {
		case 0:
			return strings.Repeat("x", index/6)
		case 1:
			// Longer than the 32 bytes up to which the string path compares at once.
			return "a key that is longer than thirty-two bytes " + strconv.Itoa(index)
		case 2:
			return "ключ" + strconv.Itoa(index)
		default:
			return "k" + strconv.Itoa(index)
		}
	},
	text: func(key string) string { return key },
}

var floatKeys = keyKind[float64]{
	name: "float64", path: "generic", size: 8,
	make: func(index int) float64 {
		switch index {
		case 0:
			return 0
		case 1:
			return math.Copysign(0, -1)
		case 2:
			return math.Inf(1)
		case 3:
			return math.Inf(-1)
		case 4:
			return math.SmallestNonzeroFloat64
		case 5:
			return math.MaxFloat64
		}
		return float64(index-100) / 4
	},
	text: floatText,
}

// nanKeys are float keys of which every eighth is a NaN.
var nanKeys = keyKind[float64]{
	name: "float64", path: "generic", size: 8,
	make: func(index int) float64 {
		if index%8 == 7 {
			return math.NaN()
		}
		return floatKeys.make(index)
	},
	text: floatText,
}

// floatText writes a float as JavaScript's Number reads it.
func floatText(key float64) string {
	switch {
	case key != key:
		return "NaN"
	case math.IsInf(key, 1):
		return "Infinity"
	case math.IsInf(key, -1):
		return "-Infinity"
	}
	return strconv.FormatFloat(key, 'g', -1, 64)
}
