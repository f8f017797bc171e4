//go:build !go1.23

package main

import "sync"

// clearSync does nothing before Go 1.23, which brought Clear.
func clearSync(*sync.Map) object { return nil }
