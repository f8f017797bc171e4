package main

import (
	"runtime"
	"sync"
)

// checkThenAct is broken on purpose: it looks and acts in two steps, as code does that composes Load and Store itself.
type checkThenAct struct {
	values sync.Map
}

func (m *checkThenAct) Load(key any) (any, bool) { return m.values.Load(key) }

func (m *checkThenAct) Store(key, value any) { m.values.Store(key, value) }

func (m *checkThenAct) Delete(key any) { m.values.Delete(key) }

func (m *checkThenAct) LoadOrStore(key, value any) (any, bool) {
	if actual, ok := m.values.Load(key); ok {
		return actual, true
	}
	runtime.Gosched()
	m.values.Store(key, value)
	return value, false
}

func (m *checkThenAct) LoadAndDelete(key any) (any, bool) {
	value, ok := m.values.Load(key)
	runtime.Gosched()
	m.values.Delete(key)
	return value, ok
}

func (m *checkThenAct) Swap(key, value any) (any, bool) {
	previous, ok := m.values.Load(key)
	runtime.Gosched()
	m.values.Store(key, value)
	return previous, ok
}

func (m *checkThenAct) CompareAndSwap(key, old, value any) bool {
	if now, ok := m.values.Load(key); !ok || now != old {
		return false
	}
	runtime.Gosched()
	m.values.Store(key, value)
	return true
}

func (m *checkThenAct) CompareAndDelete(key, old any) bool {
	if now, ok := m.values.Load(key); !ok || now != old {
		return false
	}
	runtime.Gosched()
	m.values.Delete(key)
	return true
}
