package main

import (
	"bytes"
	"fmt"
	"runtime"
	"sync"
)

// syncTrace records one trace of a sync.Map: every operation that this Go has, and the state where it can be read.
type syncTrace struct {
	m      *sync.Map
	probe  *syncProbe
	lines  bytes.Buffer
	ops    int
	keys   int
	values int
	// last is the value that an operation last offered for each key, taken or not: what to compare with.
	last map[int]int
}

// The operations, as indexes into the weights.
const (
	opStore = iota
	opLoad
	opLoadOrStore
	opLoadAndDelete
	opDelete
	opRange
	opSwap
	opCompareAndSwap
	opCompareAndDelete
	opClear
)

func recordSync(seed string, index int) {
	c := newChoices(seed, "sync", index)
	keys, count := c.between(1, 30), c.between(100, 400)
	weights := [][]int{
		{20, 90, 8, 8, 8, 2, 8, 8, 6, 1}, // reads mostly, hits and misses
		{40, 20, 10, 10, 15, 3, 8, 8, 8, 0},
		{15, 15, 15, 20, 30, 8, 8, 8, 12, 1}, // deletes, so that entries are expunged and brought back
	}[c.below(3)]
	m := new(sync.Map)
	t := &syncTrace{m: m, probe: newSyncProbe(m), keys: keys, values: 1000, last: map[int]int{}}
	for ; count > 0; count-- {
		t.step(c, c.weighted(weights), c.below(keys))
	}
	kind := "sync-results"
	if hasClassicSyncMap {
		kind = "syncmap"
	}
	line(sink, object{
		field("kind", kind), field("go", runtime.Version()), field("goos", runtime.GOOS),
		field("goarch", runtime.GOARCH), field("trace", traceName("sync", index)),
		field("workload", fmt.Sprintf("mixture over %d keys", keys)),
		field("sCols", []string{"readLen", "amended", "dirtyLen", "misses", "nilInRead", "expungedInRead"}),
		field("stEvery", 1), field("stats", object{field("ops", t.ops)}),
	})
	if _, err := sink.Write(t.lines.Bytes()); err != nil {
		fail(err.Error())
	}
}

func (t *syncTrace) step(c *choices, op, key int) {
	old := t.values - c.below(4)
	if c.below(2) == 0 {
		old = t.last[key]
	}
	t.values++
	var record object
	if op == opRange {
		record = t.ranging(c)
	} else {
		record = t.do(op, key, old, t.values)
		if op != opLoadAndDelete && op != opDelete && op != opLoad && op != opClear {
			t.last[key] = t.values
		}
	}
	if record == nil {
		return
	}
	name := record[0].value.(string)
	line(&t.lines, append(record, t.probe.after(name)...))
	t.ops++
}

// do does one operation and returns its record; nil if this Go does not have it.
func (t *syncTrace) do(op, key, old, value int) object {
	switch op {
	case opStore:
		t.m.Store(key, value)
		return object{field("op", "store"), field("k", key), field("v", value)}
	case opLoad:
		found, ok := t.m.Load(key)
		return object{field("op", "load"), field("k", key), field("r", foundOrNil(found, ok))}
	case opLoadOrStore:
		actual, loaded := t.m.LoadOrStore(key, value)
		return object{
			field("op", "loadOrStore"), field("k", key), field("v", value),
			field("r", []interface{}{actual, loaded}),
		}
	case opLoadAndDelete:
		found, ok := t.m.LoadAndDelete(key)
		return object{field("op", "loadAndDelete"), field("k", key), field("r", foundOrNil(found, ok))}
	case opDelete:
		t.m.Delete(key)
		return object{field("op", "delete"), field("k", key)}
	case opClear:
		return clearSync(t.m)
	}
	return versionedSync(t.m, op, key, old, value)
}

// foundOrNil is a value, or nil where there was none; a value beside `false` would be a fault of its own.
func foundOrNil(found interface{}, ok bool) interface{} {
	if ok {
		return found
	}
	if found != nil {
		return fmt.Sprintf("%v beside false", found)
	}
	return nil
}

// ranging lists the pairs, stops early now and then, and changes the map at chosen pairs; each change stands with the
// index of the pair.
func (t *syncTrace) ranging(c *choices) object {
	type change struct{ at, op, key, value int }
	changes := []change{}
	for n := c.below(4); n > 0; n-- {
		t.values++
		op := []int{opStore, opDelete}[c.below(2)]
		ch := change{c.below(8), op, c.below(t.keys), t.values}
		if ch.op == opStore {
			t.last[ch.key] = ch.value // whether the loop gets there or not, so that choices do not depend on it
		}
		changes = append(changes, ch)
	}
	stop := 0
	if c.below(3) == 0 {
		stop = 1 + c.below(5)
	}
	pairs, nested := [][]interface{}{}, []object{}
	isStopped := false
	t.m.Range(func(key, value interface{}) bool {
		at := len(pairs)
		pairs = append(pairs, []interface{}{key, value})
		for _, ch := range changes {
			if ch.at == at {
				record := t.do(ch.op, ch.key, 0, ch.value)
				nested = append(nested, append(record, field("at", at)))
			}
		}
		isStopped = len(pairs) == stop
		return !isStopped
	})
	record := object{field("op", "range")}
	if isStopped {
		record = append(record, field("stop", stop))
	}
	if len(nested) > 0 {
		record = append(record, field("nested", nested))
	}
	return append(record, field("r", pairs))
}
