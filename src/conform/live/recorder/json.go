package main

import (
	"encoding/json"
	"fmt"
	"io"
)

type member struct {
	name  string
	value interface{}
}

// object is a JSON object whose members keep their order.
type object []member

func field(name string, value interface{}) member { return member{name, value} }

func (o object) MarshalJSON() ([]byte, error) {
	text := []byte{'{'}
	for i, m := range o {
		if i > 0 {
			text = append(text, ',')
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		text = append(append(append(text, name...), ':'), value...)
	}
	return append(text, '}'), nil
}

func line(to io.Writer, value interface{}) {
	text, err := json.Marshal(value)
	if err != nil {
		fail(err.Error())
	}
	if _, err := to.Write(append(text, '\n')); err != nil {
		fail(err.Error())
	}
}

func traceName(kind string, index int) string { return fmt.Sprintf("%s-%d", kind, index) }
