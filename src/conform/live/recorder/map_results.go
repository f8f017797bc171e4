package main

import (
	"bytes"
	"reflect"
	"runtime"
)

// resultTrace records what operations return, and nothing of how the map is made.
type resultTrace[K comparable] struct {
	kind     keyKind[K]
	m        map[K]uint64
	lines    bytes.Buffer
	ops      int
	setCount uint64
	iters    map[int]*reflect.MapIter
}

func recordMapResults(seed string, index int) {
	c := newChoices(seed, "map-results", index)
	switch c.below(4) {
	case 0:
		recordMapResultsOf(c, uint64Keys, index)
	case 1:
		recordMapResultsOf(c, stringKeys, index)
	case 2:
		recordMapResultsOf(c, pairKeys, index)
	default:
		recordMapResultsOf(c, nanKeys, index)
	}
}

func recordMapResultsOf[K comparable](c *choices, kind keyKind[K], index int) {
	work := chooseWorkload(c)
	t := &resultTrace[K]{kind: kind}
	t.make(work.hint)
	work.run(c, t)
	line(sink, object{
		field("kind", "map-results"), field("go", runtime.Version()), field("trace", traceName("map-results", index)),
		field("workload", work.name), field("key", kind.name), field("ops", t.ops),
	})
	if _, err := sink.Write(t.lines.Bytes()); err != nil {
		fail(err.Error())
	}
}

// emit writes a line; `n` is the length of the map after the operation.
func (t *resultTrace[K]) emit(op string, members ...member) {
	line(&t.lines, append(append(object{field("op", op)}, members...), field("n", len(t.m))))
	t.ops++
}

func (t *resultTrace[K]) make(hint int) {
	t.m = make(map[K]uint64, hint)
	t.iters = map[int]*reflect.MapIter{}
	t.emit("make", field("hint", hint))
}

func (t *resultTrace[K]) set(index int) {
	key := t.kind.make(index)
	t.setCount++
	t.m[key] = t.setCount
	t.emit("set", field("k", t.kind.text(key)), field("v", t.setCount))
}

func (t *resultTrace[K]) get(index int) {
	key := t.kind.make(index)
	var result interface{}
	if value, ok := t.m[key]; ok {
		result = value
	}
	t.emit("get", field("k", t.kind.text(key)), field("r", result))
}

func (t *resultTrace[K]) has(index int) {
	key := t.kind.make(index)
	_, ok := t.m[key]
	t.emit("has", field("k", t.kind.text(key)), field("r", ok))
}

func (t *resultTrace[K]) delete(index int) {
	key := t.kind.make(index)
	delete(t.m, key)
	t.emit("delete", field("k", t.kind.text(key)))
}

func (t *resultTrace[K]) clear() {
	if !hasClear && t.kind.name == "float64" {
		return // the loop would not remove NaN
	}
	clearMap(t.m)
	t.emit("clear")
}

func (t *resultTrace[K]) pair(it *reflect.MapIter) []member {
	return []member{field("k", t.kind.text(it.Key().Interface().(K))), field("v", it.Value().Uint())}
}

// iterate starts an iterator. The classic map, whose iterations are compared step by step elsewhere, has known defects in
// long ones; its iterators are left out here.
func (t *resultTrace[K]) iterate(id int) {
	if hasClassicMap {
		return
	}
	t.iters[id] = reflect.ValueOf(t.m).MapRange()
	t.step("iter", id)
}

func (t *resultTrace[K]) next(id int) {
	if t.iters[id] != nil {
		t.step("next", id)
	}
}

func (t *resultTrace[K]) step(op string, id int) {
	it := t.iters[id]
	members := []member{field("it", id)}
	if it.Next() {
		members = append(members, t.pair(it)...)
	} else {
		delete(t.iters, id)
		members = append(members, field("end", true))
	}
	t.emit(op, members...)
}

func (t *resultTrace[K]) ranging() {
	keys, values := []string{}, []uint64{}
	for key, value := range t.m {
		keys = append(keys, t.kind.text(key))
		values = append(values, value)
	}
	t.emit("range", field("ks", keys), field("vs", values))
}

// clone goes on with the copy; iterators stay with the original, which is not touched any more.
func (t *resultTrace[K]) clone() {
	if !hasClone {
		return
	}
	t.m = cloneMap(t.m)
	t.iters = map[int]*reflect.MapIter{}
	t.emit("clone")
}
