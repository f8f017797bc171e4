//go:build go1.23

package main

import "sync"

func clearSync(m *sync.Map) object {
	m.Clear()
	return object{field("op", "clear")}
}
