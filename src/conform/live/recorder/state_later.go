//go:build go1.24

package main

import "sync"

// From Go 1.24 on the built-in map is a Swiss table and sync.Map a hash trie: there is no classic state to read.
const (
	hasClassicMap     = false
	hasClassicSyncMap = false
)

func recordMapState(string, int) {}

type syncProbe struct{}

func newSyncProbe(*sync.Map) *syncProbe { return nil }

func (*syncProbe) after(string) object { return nil }
