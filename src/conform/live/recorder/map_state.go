//go:build !go1.24

package main

import (
	"bytes"
	"reflect"
	"runtime"
	"strings"
	"unsafe"
)

const dumpsMax = 8

// mapTrace records one trace with the internal state.
type mapTrace[K comparable] struct {
	layout[K]
	m        map[K]uint64
	hasher   func(unsafe.Pointer, uintptr) uintptr
	withPre  bool
	lines    bytes.Buffer
	ops      int
	dumps    int
	setCount uint64
	iters    map[int]*reflect.MapIter
	before   hmap
}

func recordMapState(seed string, index int) {
	c := newChoices(seed, "map", index)
	switch c.below(5) {
	case 0:
		recordMapStateOf(c, uint64Keys, index)
	case 1:
		recordMapStateOf(c, uint32Keys, index)
	case 2:
		recordMapStateOf(c, pairKeys, index)
	case 3:
		recordMapStateOf(c, stringKeys, index)
	default:
		recordMapStateOf(c, floatKeys, index)
	}
}

func recordMapStateOf[K comparable](c *choices, kind keyKind[K], index int) {
	work := chooseWorkload(c)
	var none map[K]uint64
	mapType := typeOf(none)
	hasPointers := kind.name == "string"
	t := &mapTrace[K]{layout: layout[K]{kind, uintptr(mapType.bucketSize)}, hasher: mapType.hasher}
	// From Go 1.22 on the allocator puts a header before memory with pointers, which changes how many spare overflow
	// buckets fit; they show in no other column.
	t.withPre = !hasPointers || strings.HasPrefix(runtime.Version(), "go1.21") || !hasClear
	t.make(work.hint)
	hint, B0, hash0 := work.hint, t.header().B, t.header().hash0
	work.run(c, t)
	t.dump()
	columns := []string{"count", "B", "noverflow", "nevacuate", "growing", "sameSize", "flags"}
	if t.withPre {
		columns = append(columns, "pre")
	}
	line(sink, object{
		field("kind", "map"), field("go", runtime.Version()), field("goos", runtime.GOOS),
		field("goarch", runtime.GOARCH), field("trace", traceName("map", index)), field("workload", work.name),
		field("key", kind.name), field("elem", "uint64"), field("path", kind.path),
		field("bucketBytes", int(mapType.bucketSize)), field("ptrBuckets", hasPointers),
		field("hint", hint), field("B0", B0), field("hash0", hash0),
		field("sCols", columns), field("digestEvery", 1),
		field("missing", []string{"rnd is worked out from hash0, start and off"}),
		field("stats", object{field("ops", t.ops), field("dumps", t.dumps)}),
	})
	if _, err := sink.Write(t.lines.Bytes()); err != nil {
		fail(err.Error())
	}
}

func (t *mapTrace[K]) header() *hmap { return headerOf(&t.m) }

func (t *mapTrace[K]) keyed(index int) (K, object) {
	key := t.kind.make(index)
	hash := uint64(t.hasher(unsafe.Pointer(&key), uintptr(t.header().hash0)))
	return key, object{field("k", t.kind.text(key)), field("h", uint64Keys.text(hash))}
}

func (t *mapTrace[K]) emit(op string, members object, isChange bool) {
	record := append(object{field("op", op)}, members...)
	if isChange {
		record = append(record, t.stateMembers(op)...)
	}
	line(&t.lines, record)
	t.ops++
}

func (t *mapTrace[K]) stateMembers(op string) object {
	h := t.header()
	flag := func(isSet bool) int {
		if isSet {
			return 1
		}
		return 0
	}
	s := []int{h.count, int(h.B), int(h.noverflow), int(h.nevacuate), flag(h.growing()), flag(h.flags&8 != 0), int(h.flags)}
	if t.withPre {
		s = append(s, t.spare(h))
	}
	members := object{field("s", s)}
	if op == "make" || h.hash0 != t.before.hash0 {
		// The only draw of these operations is the new seed.
		members = append(members, field("hash0", h.hash0), field("rnd", []uint32{h.hash0}))
	}
	if event := t.event(op); event != "" {
		members = append(members, field("ev", event))
	}
	if op != "iter" && op != "range" {
		members = append(members, field("d", t.digest(h)))
	}
	return members
}

// event says which growths began and ended since `before`.
func (t *mapTrace[K]) event(op string) string {
	h := t.header()
	if op != "set" && op != "delete" {
		return ""
	}
	event := ""
	if t.before.buckets != nil && h.buckets != t.before.buckets {
		event = "grow"
		if h.B == t.before.B {
			event = "same"
		}
	}
	if (event != "" || t.before.growing()) && !h.growing() {
		if event != "" {
			event += "+"
		}
		event += "done"
	}
	return event
}

func (t *mapTrace[K]) make(hint int) {
	t.m = make(map[K]uint64, hint)
	t.iters = map[int]*reflect.MapIter{}
	t.emit("make", object{field("hint", hint)}, true)
}

func (t *mapTrace[K]) set(index int) {
	t.before = *t.header()
	key, members := t.keyed(index)
	t.setCount++
	t.m[key] = t.setCount
	t.emit("set", append(members, field("v", t.setCount)), true)
	if event := t.event("set"); event != "" {
		t.dump()
	}
}

func (t *mapTrace[K]) get(index int) {
	key, members := t.keyed(index)
	var result interface{}
	if value, ok := t.m[key]; ok {
		result = value
	}
	t.emit("get", append(members, field("r", result)), false)
}

func (t *mapTrace[K]) has(index int) {
	key, members := t.keyed(index)
	_, ok := t.m[key]
	t.emit("has", append(members, field("r", ok)), false)
}

func (t *mapTrace[K]) delete(index int) {
	t.before = *t.header()
	key, members := t.keyed(index)
	delete(t.m, key)
	t.emit("delete", members, true)
}

func (t *mapTrace[K]) clear() {
	if !hasClear && t.kind.name == "float64" {
		return // the loop would not compile to a clear
	}
	t.before = *t.header()
	clearMap(t.m)
	t.emit("clear", nil, true)
	for id, it := range t.iters {
		// Before Go 1.21 such an iterator goes on in the old bucket it stands in, and filters its keys by hashes under the
		// new seed, of which the format has none for keys that are gone.
		if !hasClear && hiterOf(it).checkBucket != ^uintptr(0) {
			delete(t.iters, id)
		}
	}
}

func (t *mapTrace[K]) start(it *hiter) object {
	start, offset := uint64(it.startBucket), uint64(it.offset)
	return object{
		field("start", start), field("off", offset), field("itB", it.B),
		// Any draw that leads to this start and this offset will do; this is the least.
		field("rnd", []uint64{start + offset<<it.B}),
	}
}

func (t *mapTrace[K]) product(it *reflect.MapIter) object {
	h := hiterOf(it)
	wrapped, check := 0, -1
	if h.wrapped {
		wrapped = 1
	}
	if h.checkBucket != ^uintptr(0) {
		check = int(h.checkBucket)
	}
	return object{
		field("k", t.kind.text(it.Key().Interface().(K))), field("v", it.Value().Uint()),
		field("p", []int{int(h.bucket), int(h.i), wrapped, check}),
	}
}

func (t *mapTrace[K]) iterate(id int) {
	t.before = *t.header()
	it := reflect.ValueOf(t.m).MapRange()
	members := object{field("it", id)}
	isOver := !it.Next()
	if t.before.count > 0 {
		members = append(members, t.start(hiterOf(it))...)
	}
	if isOver {
		delete(t.iters, id)
		members = append(members, field("end", true))
	} else {
		t.iters[id] = it
		members = append(members, t.product(it)...)
	}
	t.emit("iter", members, true)
}

func (t *mapTrace[K]) next(id int) {
	it := t.iters[id]
	if it == nil {
		return
	}
	members := object{field("it", id)}
	if it.Next() {
		members = append(members, t.product(it)...)
	} else {
		delete(t.iters, id)
		members = append(members, field("end", true))
	}
	t.emit("next", members, false)
}

func (t *mapTrace[K]) ranging() {
	t.before = *t.header()
	it := reflect.ValueOf(t.m).MapRange()
	keys, values := []string{}, []uint64{}
	for it.Next() {
		keys = append(keys, t.kind.text(it.Key().Interface().(K)))
		values = append(values, it.Value().Uint())
	}
	members := object{}
	if t.before.count > 0 {
		members = t.start(hiterOf(it))
	}
	t.emit("range", append(members, field("ks", keys), field("vs", values)), true)
}

func (t *mapTrace[K]) clone() {} // the format has no line for it

func (t *mapTrace[K]) dump() {
	h := t.header()
	if t.dumps == dumpsMax || h.B > 6 {
		return
	}
	t.dumps++
	var old interface{}
	if h.growing() {
		old = t.layout.dump(h.oldbuckets, h.oldB())
	}
	line(&t.lines, object{
		field("dump", object{field("buckets", t.layout.dump(h.buckets, h.B)), field("old", old)}),
		field("after", t.ops-1),
	})
}
