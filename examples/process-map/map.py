"""Python's dict behind mapcheck's line protocol."""

import json
import math
import sys

UNDEFINED = {"undefined": True}
NAN = math.nan  # the same object each time: a dict finds a NaN by its identity


class Undefined:
    """JavaScript's `undefined`, as a key or a value of its own."""

    token = UNDEFINED


class Token(tuple):
    """A bigint or an object: whatever JSON has no notation for."""

    @property
    def token(self):
        return {self[0]: self[1]}


def decode(value):
    """Turns a token into a key or a value. Booleans are told apart from 0 and 1, which equal them in Python."""
    if isinstance(value, bool):
        return Token(("boolean", value))
    if not isinstance(value, dict):
        return value
    kind, member = next(iter(value.items()))
    if kind == "float":
        return NAN if member == "NaN" else float(member)
    return Undefined if kind == "undefined" else Token((kind, member))


def encode(value):
    if isinstance(value, Token):
        return value[1] if value[0] == "boolean" else value.token
    if value is Undefined:
        return UNDEFINED
    if isinstance(value, float) and (not math.isfinite(value) or str(value) == "-0.0"):
        return {"float": {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(str(value), "-0")}
    return value


def do(op, args):
    global entries
    match op:
        case "hello":
            names = ["get", "set", "has", "delete", "clear", "size", "entries", "keys", "values"]
            return {"version": 1, "operations": names}
        case "new":
            entries = {}
        case "get":
            return encode(entries.get(args[0], Undefined))
        case "set":
            entries[args[0]] = args[1]
        case "has":
            return args[0] in entries
        case "delete":
            return entries.pop(args[0], UNDEFINED) is not UNDEFINED
        case "clear":
            entries.clear()
        case "size":
            return len(entries)
        case "entries":
            return [[encode(key), encode(value)] for key, value in entries.items()]
        case "keys":
            return [encode(key) for key in entries]
        case "values":
            return [encode(value) for value in entries.values()]
    return None


for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"result": do(request["op"], [decode(arg) for arg in request.get("args", [])])}
    except Exception as error:  # what the map raises is a finding, not the end
        answer = {"error": f"{type(error).__name__}: {error}"}
    sys.stdout.write(json.dumps({"id": request["id"], **answer}) + "\n")
    if request["op"] in ("hello", "sync"):
        sys.stdout.flush()
