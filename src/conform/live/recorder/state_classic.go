//go:build !go1.24

package main

import (
	"reflect"
	"unsafe"
)

const hasClassicMap = true

// The layouts below are those of runtime/map.go and reflect/value.go, the same in Go 1.18 to 1.23.

type hmap struct {
	count      int
	flags      uint8
	B          uint8
	noverflow  uint16
	hash0      uint32
	buckets    unsafe.Pointer
	oldbuckets unsafe.Pointer
	nevacuate  uintptr
	extra      *struct {
		overflow, oldoverflow unsafe.Pointer
		nextOverflow          unsafe.Pointer
	}
}

// mapType is the beginning of the runtime's type of a map.
type mapType struct {
	common            [48]byte
	key, elem, bucket unsafe.Pointer
	hasher            func(unsafe.Pointer, uintptr) uintptr
	keySize, elemSize uint8
	bucketSize        uint16
	flags             uint32
}

// hiter is the state of an iteration, as it stands in a reflect.MapIter behind the Value of the map.
type hiter struct {
	key, elem, t, h       unsafe.Pointer
	buckets, bptr         unsafe.Pointer
	overflow, oldoverflow unsafe.Pointer
	startBucket           uintptr
	offset                uint8
	wrapped               bool
	B, i                  uint8
	bucket, checkBucket   uintptr
}

const cells = 8

func headerOf[K comparable](m *map[K]uint64) *hmap { return *(**hmap)(unsafe.Pointer(m)) }

func typeOf[K comparable](m map[K]uint64) *mapType {
	var boxed interface{} = m
	return *(**mapType)(unsafe.Pointer(&boxed))
}

func hiterOf(iterator *reflect.MapIter) *hiter {
	return (*hiter)(unsafe.Add(unsafe.Pointer(iterator), unsafe.Sizeof(reflect.Value{})))
}

func (h *hmap) growing() bool { return h.oldbuckets != nil }

func (h *hmap) oldB() uint8 {
	if h.flags&8 != 0 {
		return h.B
	}
	return h.B - 1
}

// layout reads buckets of one key type.
type layout[K comparable] struct {
	kind       keyKind[K]
	bucketSize uintptr
}

func (l layout[K]) bucket(array unsafe.Pointer, index int) unsafe.Pointer {
	return unsafe.Add(array, uintptr(index)*l.bucketSize)
}

func (l layout[K]) tophash(bucket unsafe.Pointer) *[cells]uint8 { return (*[cells]uint8)(bucket) }

func (l layout[K]) key(bucket unsafe.Pointer, cell int) K {
	return *(*K)(unsafe.Add(bucket, cells+cell*l.kind.size))
}

func (l layout[K]) value(bucket unsafe.Pointer, cell int) uint64 {
	return *(*uint64)(unsafe.Add(bucket, cells+cells*l.kind.size+8*cell))
}

func (l layout[K]) overflow(bucket unsafe.Pointer) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Add(bucket, l.bucketSize-8))
}

// spare counts the overflow buckets that were allocated with the array and are not in use yet.
func (l layout[K]) spare(h *hmap) int {
	if h.extra == nil || h.extra.nextOverflow == nil {
		return 0
	}
	count := 1
	// The last of them has a link that is not nil; nothing is behind it.
	for bucket := h.extra.nextOverflow; l.overflow(bucket) == nil; count++ {
		bucket = unsafe.Add(bucket, l.bucketSize)
	}
	return count
}

// digest is the FNV-1a of the layout.
func (l layout[K]) digest(h *hmap) uint32 {
	hash := uint32(2166136261)
	mix := func(b byte) { hash = (hash ^ uint32(b)) * 16777619 }
	bucketDigest := func(bucket unsafe.Pointer, isShort bool) {
		for {
			for _, top := range l.tophash(bucket) {
				mix(top)
			}
			for cell := 0; cell < cells && !isShort; cell++ {
				if l.tophash(bucket)[cell] >= 5 {
					value := l.value(bucket, cell)
					for shift := 0; shift < 32; shift += 8 {
						mix(byte(value >> shift))
					}
				}
			}
			bucket = l.overflow(bucket)
			if isShort || bucket == nil {
				mix(0)
				return
			}
			mix(1)
		}
	}
	if h.buckets != nil {
		for index := 0; index < 1<<h.B; index++ {
			bucketDigest(l.bucket(h.buckets, index), false)
		}
	}
	if h.growing() {
		mix(0xee)
		for index := 0; index < 1<<h.oldB(); index++ {
			bucket := l.bucket(h.oldbuckets, index)
			bucketDigest(bucket, isEvacuated(l.tophash(bucket)[0]))
		}
	}
	return hash
}

func isEvacuated(top uint8) bool { return top >= 2 && top <= 4 }

// dump writes out one array of buckets.
func (l layout[K]) dump(array unsafe.Pointer, B uint8) interface{} {
	if array == nil {
		return nil
	}
	entries := make([]interface{}, 0, 1<<B)
	for index := 0; index < 1<<B; index++ {
		entries = append(entries, l.dumpChain(l.bucket(array, index)))
	}
	return entries
}

func (l layout[K]) dumpChain(bucket unsafe.Pointer) interface{} {
	if *l.tophash(bucket) == [cells]uint8{} && l.overflow(bucket) == nil {
		return 0
	}
	chain := []interface{}{}
	for ; bucket != nil; bucket = l.overflow(bucket) {
		tops, keys, values := make([]int, cells), make([]interface{}, cells), make([]interface{}, cells)
		for cell := 0; cell < cells; cell++ {
			top := l.tophash(bucket)[cell]
			tops[cell] = int(top)
			// Values begin at 1: a 0 is memory that evacuation wiped.
			if value := l.value(bucket, cell); top >= 2 && top != 4 && value != 0 {
				keys[cell], values[cell] = l.kind.text(l.key(bucket, cell)), value
			}
		}
		chain = append(chain, object{field("t", tops), field("k", keys), field("v", values)})
	}
	return chain
}
