//go:build !go1.24

package main

import (
	"fmt"
	"reflect"
	"runtime"
	"sort"
	"strings"
	"sync"
	"unsafe"
)

const hasClassicSyncMap = true

// entryPointer is the one field of sync.entry: nil, expunged, or a pointer to the value.
type entryPointer = *unsafe.Pointer

// syncLayout says where the fields of a sync.Map are.
type syncLayout struct {
	read, dirty, misses uintptr
	// isBoxed: `read` is an atomic.Value that holds a readOnly (to Go 1.19), and not a pointer to one.
	isBoxed bool
}

func findSyncLayout() syncLayout {
	mapType := reflect.TypeOf(sync.Map{})
	offset := func(name string) uintptr {
		found, ok := mapType.FieldByName(name)
		if !ok {
			fail("sync.Map of " + runtime.Version() + " has no field " + name)
		}
		return found.Offset
	}
	read, _ := mapType.FieldByName("read")
	return syncLayout{offset("read"), offset("dirty"), offset("misses"), read.Type.Name() == "Value"}
}

// readOnly is the layout of sync.readOnly.
type readOnly struct {
	m       map[interface{}]entryPointer
	amended bool
}

func (l syncLayout) readOf(m *sync.Map) readOnly {
	at := unsafe.Add(unsafe.Pointer(m), l.read)
	if l.isBoxed {
		at = unsafe.Add(at, 8) // the data word of the interface
	}
	pointer := *(*unsafe.Pointer)(at)
	if pointer == nil {
		return readOnly{}
	}
	return *(*readOnly)(pointer)
}

func (l syncLayout) dirtyOf(m *sync.Map) map[interface{}]entryPointer {
	return *(*map[interface{}]entryPointer)(unsafe.Add(unsafe.Pointer(m), l.dirty))
}

func (l syncLayout) missesOf(m *sync.Map) int {
	return *(*int)(unsafe.Add(unsafe.Pointer(m), l.misses))
}

// findExpunged makes an entry that is expunged and returns what it points to: the same for every map.
func findExpunged(l syncLayout) unsafe.Pointer {
	var m sync.Map
	m.Store(1, 1)
	m.Range(func(interface{}, interface{}) bool { return true }) // promotes
	m.Delete(1)
	m.Store(2, 2) // copies, and expunges the deleted entry
	pointer := *l.readOf(&m).m[1]
	if pointer == nil {
		fail("the sync.Map of " + runtime.Version() + " does not expunge deleted entries as the classic one does")
	}
	return pointer
}

// syncProbe reads the state of a sync.Map.
type syncProbe struct {
	syncLayout
	expunged unsafe.Pointer
	m        *sync.Map
	before   syncSnapshot
}

func newSyncProbe(m *sync.Map) *syncProbe {
	l := findSyncLayout()
	t := &syncProbe{syncLayout: l, expunged: findExpunged(l), m: m}
	t.before = t.snapshot()
	return t
}

// after returns what stands on the line of an operation beside its result.
func (t *syncProbe) after(op string) object {
	before, after := t.before, t.snapshot()
	t.before = after
	members := object{field("s", after.columns()), field("d", after.digest())}
	if events := eventsBetween(before, after, op == "range"); len(events) > 0 && len(events) <= 40 {
		members = append(members, field("ev", events))
	}
	return append(members, field("st", after.object()))
}

// syncSnapshot is the whole state after an operation: a value, "nil" or "expunged" for each key.
type syncSnapshot struct {
	read, dirty map[int]interface{}
	amended     bool
	misses      int
}

func (t *syncProbe) snapshot() syncSnapshot {
	read, dirty := t.readOf(t.m), t.dirtyOf(t.m)
	for key, entry := range dirty {
		if other, ok := read.m[key]; ok && other != entry {
			fail("a key has different entries in read and in dirty")
		}
	}
	return syncSnapshot{
		t.states(read.m), t.states(dirty),
		read.amended, t.missesOf(t.m),
	}
}

func (t *syncProbe) states(entries map[interface{}]entryPointer) map[int]interface{} {
	if entries == nil {
		return nil
	}
	states := map[int]interface{}{}
	for key, entry := range entries {
		switch pointer := *entry; pointer {
		case nil:
			states[key.(int)] = "nil"
		case t.expunged:
			states[key.(int)] = "expunged"
		default:
			states[key.(int)] = *(*interface{})(pointer)
		}
	}
	return states
}

func (s syncSnapshot) columns() []int {
	amended, dirtyLen, nils, expunged := 0, -1, 0, 0
	if s.amended {
		amended = 1
	}
	if s.dirty != nil {
		dirtyLen = len(s.dirty)
	}
	for _, state := range s.read {
		switch state {
		case "nil":
			nils++
		case "expunged":
			expunged++
		}
	}
	return []int{len(s.read), amended, dirtyLen, s.misses, nils, expunged}
}

func statesObject(states map[int]interface{}) interface{} {
	if states == nil {
		return nil
	}
	all := object{}
	for _, key := range sortedKeys(states) {
		all = append(all, field(fmt.Sprint(key), states[key]))
	}
	return all
}

func (s syncSnapshot) object() object {
	read := statesObject(s.read)
	if read == nil {
		read = object{}
	}
	return object{
		field("read", read), field("amended", s.amended),
		field("dirty", statesObject(s.dirty)), field("misses", s.misses),
	}
}

func (s syncSnapshot) digest() uint32 {
	list := func(states map[int]interface{}) string {
		parts := []string{}
		for _, key := range sortedKeys(states) {
			parts = append(parts, fmt.Sprintf("%d=%v", key, states[key]))
		}
		return strings.Join(parts, ",")
	}
	dirty := "-"
	if s.dirty != nil {
		dirty = list(s.dirty)
	}
	amended := 0
	if s.amended {
		amended = 1
	}
	text := fmt.Sprintf("read:%s;amended:%d;dirty:%s;misses:%d", list(s.read), amended, dirty, s.misses)
	hash := uint32(2166136261)
	for i := 0; i < len(text); i++ {
		hash = (hash ^ uint32(text[i])) * 16777619
	}
	return hash
}

// eventsBetween tells what the states around an operation differ in.
func eventsBetween(before, after syncSnapshot, isRange bool) []string {
	events := []string{}
	if before.dirty != nil && after.dirty == nil {
		if isRange {
			events = append(events, "rangePromote")
		} else {
			events = append(events, "promote")
		}
	}
	if before.dirty == nil && after.dirty != nil {
		events = append(events, "dirtyNew")
	}
	for key, state := range after.read {
		old := before.read[key]
		if state == "expunged" && old != "expunged" {
			events = append(events, fmt.Sprintf("expunge:%d", key))
		} else if state != "expunged" && old == "expunged" {
			events = append(events, fmt.Sprintf("unexpunge:%d", key))
		}
	}
	sort.Strings(events)
	return events
}

func sortedKeys(states map[int]interface{}) []int {
	keys := []int{}
	for key := range states {
		keys = append(keys, key)
	}
	sort.Ints(keys)
	return keys
}
