package main

// choices is a small generator (SplitMix64), so that the same seed gives the same operations under every Go release.
type choices struct{ state uint64 }

// newChoices derives a generator from the seed, the kind of trace and its number (FNV-1a over all of them).
func newChoices(seed, kind string, index int) *choices {
	hash := uint64(14695981039346656037)
	mix := func(b byte) { hash = (hash ^ uint64(b)) * 1099511628211 }
	for _, text := range []string{seed, kind} {
		for i := 0; i < len(text); i++ {
			mix(text[i])
		}
		mix(0)
	}
	for i := 0; i < 8; i++ {
		mix(byte(index >> (8 * i)))
	}
	return &choices{hash}
}

func (c *choices) next() uint64 {
	c.state += 0x9e3779b97f4a7c15
	z := c.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns a number from 0 to n-1.
func (c *choices) below(n int) int { return int(c.next() % uint64(n)) }

// between returns a number from low to high, both included.
func (c *choices) between(low, high int) int { return low + c.below(high-low+1) }

// weighted returns an index, with probability in proportion to the weights.
func (c *choices) weighted(weights []int) int {
	total := 0
	for _, weight := range weights {
		total += weight
	}
	rest := c.below(total)
	for index, weight := range weights {
		if rest < weight {
			return index
		}
		rest -= weight
	}
	panic("unreachable")
}
