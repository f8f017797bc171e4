// Maps of Go's behind mapcheck's line protocol: `go run map.go` is the built-in one, `go run map.go sync` is sync.Map.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"sync"
)

type object = map[string]any
type token struct{ kind, text string } // a bigint, an object, undefined: what JSON has no notation for

func decode(value any) any { // a token becomes a key or a value; every number is a float64
	members, _ := value.(object)
	for kind, member := range members {
		if kind != "float" {
			return token{kind, fmt.Sprint(member)}
		}
		value, _ = strconv.ParseFloat(member.(string), 64)
	}
	return value
}

func encode(value any) any {
	switch value := value.(type) {
	case float64:
		if math.IsInf(value, 0) {
			return object{"float": map[bool]string{true: "Infinity", false: "-Infinity"}[value > 0]}
		} else if value != value || value == 0 && math.Signbit(value) {
			return object{"float": strconv.FormatFloat(value, 'f', -1, 64)}
		}
	case token:
		if value.kind == "bigint" {
			return object{"bigint": value.text}
		}
		return object{value.kind: json.RawMessage(value.text)}
	}
	return value
}

var builtIn map[any]any
var concurrent *sync.Map

func do(op string, args []any) any {
	pairs := [][2]any{}
	add := func(key, value any) bool { pairs = append(pairs, [2]any{encode(key), encode(value)}); return true }
	if concurrent != nil && op != "new" {
		return doConcurrent(op, args, add, &pairs)
	}
	switch op {
	case "hello":
		return object{"version": 1, "operations": []string{"get", "set", "has", "delete", "clear", "size", "entries",
			"load", "store", "loadOrStore", "loadAndDelete", "swap", "compareAndSwap", "compareAndDelete", "range"}}
	case "new":
		builtIn = map[any]any{}
		if len(os.Args) > 1 {
			concurrent = &sync.Map{}
		}
	case "get":
		if value, ok := builtIn[args[0]]; ok {
			return encode(value)
		}
		return object{"undefined": true}
	case "set":
		builtIn[args[0]] = args[1]
	case "has":
		_, ok := builtIn[args[0]]
		return ok
	case "delete":
		delete(builtIn, args[0])
	case "clear":
		clear(builtIn)
	case "size":
		return len(builtIn)
	case "entries":
		for key, value := range builtIn {
			add(key, value)
		}
		return pairs
	}
	return nil
}

func doConcurrent(op string, args []any, add func(key, value any) bool, pairs *[][2]any) any {
	found := func(name, flag string, value any, ok bool) any { return object{name: encode(value), flag: ok} }
	switch op {
	case "load":
		value, ok := concurrent.Load(args[0])
		return found("value", "ok", value, ok)
	case "store":
		concurrent.Store(args[0], args[1])
	case "loadOrStore":
		value, ok := concurrent.LoadOrStore(args[0], args[1])
		return found("actual", "loaded", value, ok)
	case "loadAndDelete":
		value, ok := concurrent.LoadAndDelete(args[0])
		return found("value", "loaded", value, ok)
	case "swap":
		value, ok := concurrent.Swap(args[0], args[1])
		return found("previous", "loaded", value, ok)
	case "compareAndSwap":
		return concurrent.CompareAndSwap(args[0], args[1], args[2])
	case "compareAndDelete":
		return concurrent.CompareAndDelete(args[0], args[1])
	case "delete":
		concurrent.Delete(args[0])
	case "clear":
		concurrent.Clear()
	case "range":
		concurrent.Range(add)
		return *pairs
	}
	return nil
}

func main() {
	lines, answers := bufio.NewReaderSize(os.Stdin, 1<<16), bufio.NewWriterSize(os.Stdout, 1<<16)
	for decoder := json.NewDecoder(lines); ; {
		var request struct {
			ID   int
			Op   string
			Args []any
		}
		if decoder.Decode(&request) != nil {
			return // standard input has ended: nothing more will be asked
		}
		for index, arg := range request.Args {
			request.Args[index] = decode(arg)
		}
		line, _ := json.Marshal(object{"id": request.ID, "result": do(request.Op, request.Args)})
		fmt.Fprintf(answers, "%s\n", line)
		if request.Op == "hello" || request.Op == "sync" {
			answers.Flush()
		}
	}
}
