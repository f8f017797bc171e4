package main

import (
	"bufio"
	"fmt"
	"io"
	"sort"
	"sync/atomic"
)

// recorder numbers all calls and returns with one counter. A number is drawn before an operation begins and after it
// has ended, so the order of the numbers is an order of real time.
type recorder struct {
	clock atomic.Int64
	logs  []log
}

// log holds the events of one goroutine; nobody else writes it.
type log struct {
	clock   *atomic.Int64
	process int
	events  []event
	op      string
}

type event struct {
	tick int64
	line string
}

func newRecorder(processes int) *recorder {
	r := &recorder{logs: make([]log, processes)}
	for process := range r.logs {
		r.logs[process] = log{clock: &r.clock, process: process}
	}
	return r
}

// call records that an operation begins; the number is the last thing drawn before it does.
func (l *log) call(op string, key int, old, value any) {
	l.op = op
	line := fmt.Sprintf(`{"process":%d,"type":"invoke","op":%q,"key":%d`, l.process, op, key)
	if old != nil {
		line += fmt.Sprintf(`,"old":%d`, old)
	}
	if value != nil {
		line += fmt.Sprintf(`,"value":%d`, value)
	}
	l.events = append(l.events, event{line: line + "}"})
	l.events[len(l.events)-1].tick = l.clock.Add(1)
}

// ret records that the operation has ended; the number is the first thing drawn after it has.
func (l *log) ret(fields string) {
	tick := l.clock.Add(1)
	line := fmt.Sprintf(`{"process":%d,"type":"ok","op":%q%s}`, l.process, l.op, fields)
	l.events = append(l.events, event{tick, line})
}

func (l *log) returnNothing() { l.ret("") }

func (l *log) returnFlag(ok bool) { l.ret(fmt.Sprintf(`,"ok":%t`, ok)) }

func (l *log) returnValue(value any, ok bool) { l.ret(`,"value":` + text(value, ok)) }

func (l *log) returnPair(value any, isThere, flag bool) {
	l.ret(fmt.Sprintf(`,"ret":%s,"ok":%t`, text(value, isThere), flag))
}

func text(value any, isThere bool) string {
	if !isThere {
		return "null"
	}
	return fmt.Sprint(value)
}

// write merges the logs by their numbers, a header first.
func (r *recorder) write(out io.Writer, name string) error {
	var events []event
	for process := range r.logs {
		events = append(events, r.logs[process].events...)
	}
	sort.Slice(events, func(i, j int) bool { return events[i].tick < events[j].tick })
	buffer := bufio.NewWriter(out)
	fmt.Fprintf(buffer, `{"format":"map-history/1","name":%q,"model":"map","initial":{},"operations":%d,"events":%d}`+"\n",
		name, len(events)/2, len(events))
	for _, one := range events {
		buffer.WriteString(one.line)
		buffer.WriteByte('\n')
	}
	return buffer.Flush()
}
