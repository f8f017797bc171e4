package main

// subject is a map that operations are done to and recorded of. Keys are given by number.
type subject interface {
	make(hint int)
	set(index int)
	get(index int)
	has(index int)
	delete(index int)
	clear()
	iterate(id int)
	next(id int)
	ranging()
	clone()
}

// iterators is how many iterators may be open at a time.
const iterators = 3

// workload is a way to choose operations.
type workload struct {
	name string
	hint int
	run  func(*choices, subject)
}

// chooseWorkload draws one, with its sizes.
func chooseWorkload(c *choices) workload {
	hint := 0
	if c.below(3) == 0 {
		hint = []int{1, 8, 9, 13, 14, 26, 27, 52, 53, 104, 105, 209, 1000}[c.below(13)]
	}
	switch c.below(8) {
	case 0:
		return workload{"mixture over a few keys", hint, mixture(c.between(4, 60), c.between(200, 500), 30)}
	case 1:
		return workload{"mixture over many keys", hint, mixture(c.between(100, 600), c.between(300, 800), 20)}
	case 2:
		return workload{"fill, look up, delete", hint, fill(c.between(20, 500))}
	case 3, 6, 7:
		return workload{"churn near the load limit", 0, churn(c.between(300, 900))}
	case 4:
		return workload{"iterators with changes in between", hint, mixture(c.between(10, 120), c.between(200, 500), 120)}
	default:
		return workload{"emptied again and again", hint, emptied(c.between(3, 8))}
	}
}

// mixture does everything at random over a range of keys; `iterating` is the weight of steps of iterators, in 300.
func mixture(keys, count, iterating int) func(*choices, subject) {
	return func(c *choices, s subject) {
		weights := []int{120, 70, 30, 15, iterating / 6, iterating, 4, 1, 1}
		for ; count > 0; count-- {
			op, key, id := c.weighted(weights), c.below(keys), c.below(iterators)
			switch op {
			case 0:
				s.set(key)
			case 1:
				s.delete(key)
			case 2:
				s.get(key)
			case 3:
				s.has(key)
			case 4:
				s.iterate(id)
			case 5:
				s.next(id)
			case 6:
				s.ranging()
			case 7:
				s.clear()
			case 8:
				s.clone()
			}
		}
	}
}

// fill grows a map with iterators open, looks all keys up and deletes them.
func fill(keys int) func(*choices, subject) {
	return func(c *choices, s subject) {
		for key := 0; key < keys; key++ {
			s.set(key)
			id, isStart := c.below(iterators), c.below(60) == 0
			if isStart {
				s.iterate(id)
			} else if c.below(3) == 0 {
				s.next(id)
			}
		}
		s.ranging()
		for key := 0; key < keys; key += 1 + keys/40 {
			s.get(key)
			s.get(keys + key)
		}
		for key := 0; key < keys; key++ {
			s.delete(key)
		}
		s.set(keys)
	}
}

// churn keeps as many entries as fit without doubling, and replaces the oldest by new ones: overflow buckets gather until
// the map grows at its size.
func churn(count int) func(*choices, subject) {
	return func(c *choices, s subject) {
		limit := []int{12, 13, 24, 26, 48, 52, 104}[c.below(7)] - c.between(1, 2)
		for key := 0; key < limit+count; key++ {
			s.set(key)
			if key >= limit {
				s.delete(key - limit)
			}
			id, what := c.below(iterators), c.below(20)
			if what == 0 {
				s.iterate(id)
			} else if what < 4 {
				s.next(id)
			}
		}
	}
}

// emptied fills a map and empties it, by deletes or by a clear, in the middle of growths too.
func emptied(rounds int) func(*choices, subject) {
	return func(c *choices, s subject) {
		for ; rounds > 0; rounds-- {
			keys := []int{3, 9, 14, 27, 53, 105, 120}[c.below(7)]
			for key := 0; key < keys; key++ {
				s.set(key)
			}
			s.iterate(0)
			s.clone()
			isClearing := c.below(2) == 0
			if isClearing {
				s.clear()
			} else {
				for key := 0; key < keys; key++ {
					s.delete(key)
				}
			}
			s.iterate(1)
			s.next(0)
			s.delete(0)
			s.clear()
			if c.below(4) == 0 {
				s.make([]int{0, 9, 60}[c.below(3)])
			}
		}
	}
}
