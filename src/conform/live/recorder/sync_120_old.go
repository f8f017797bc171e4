//go:build !go1.20

package main

import "sync"

// versionedSync does nothing before Go 1.20, which brought Swap, CompareAndSwap and CompareAndDelete.
func versionedSync(*sync.Map, int, int, int, int) object { return nil }
