/**
 * The line protocol of maps in other languages, version 1: one JSON object a line, each request answered by one line in
 * the order asked. `docs/process-targets.md` is its description; this file is pure.
 */
import { z } from 'zod';
import type { Json } from '../core/program.ts';

/** The only version there is. */
export const PROTOCOL_VERSION = 1;

/** Most characters of a line that a message quotes. */
const QUOTED_LENGTH_MAX = 200;

/** A request: `hello` first, then for each program `new`, its operations, and `sync`. */
export interface ProcessRequest {
  /** Counts up from 0 for as long as the child lives. */
  readonly id: number;
  readonly op: string;
  /** Keys and values, as tokens. */
  readonly args?: readonly Json[];
  /** With `new`: one of the definition's set-ups, and a number from the program for a map that wants a seed. */
  readonly setup?: { readonly [key: string]: Json };
  readonly seed?: number;
  /** With `hello`: what mapcheck speaks, and the operations it will ask for. */
  readonly version?: number;
  readonly operations?: readonly string[];
}

/** What a child answers: a result, or an error that the map raised. */
export type ProcessAnswer =
  | { readonly kind: 'result'; readonly result: Json }
  | { readonly kind: 'error'; readonly error: string };

/** A line that is no answer to the request. */
export interface ProtocolFault {
  readonly kind: 'nonsense';
  /** The line as it came, cut. */
  readonly line: string;
  readonly expected: string;
}

/** What a child says of itself. */
export interface HelloResult {
  readonly version: number;
  readonly operations: readonly string[];
}

const token = z.union([
  z.null(),
  z.boolean(),
  z.number(),
  z.string(),
  z.strictObject({ float: z.enum(['NaN', '-0', 'Infinity', '-Infinity']) }),
  z.strictObject({ bigint: z.string().regex(/^(0|-?[1-9][0-9]*)$/) }),
  z.strictObject({ object: z.int().min(0).max(0xffff) }),
  z.strictObject({ undefined: z.literal(true) }),
]);
const flag = z.boolean();
const count = z.int().min(0);
const pairs = z.array(z.tuple([token, token]));

interface ResultShape {
  readonly schema: z.ZodType;
  readonly text: string;
}

const TOKEN: ResultShape = {
  schema: token,
  text: 'a value, {"undefined":true} where there is none',
};
const FLAG: ResultShape = { schema: flag, text: 'true or false' };
const MAYBE_FLAG: ResultShape = { schema: flag.nullable(), text: 'true, false, or null' };
const ANYTHING: ResultShape = { schema: z.json(), text: 'anything, as null' };
const PAIRS: ResultShape = { schema: pairs, text: 'a list of [key, value]' };
const TOKENS: ResultShape = { schema: z.array(token), text: 'a list of values' };

function pairOf(value: string, isThere: string): ResultShape {
  return {
    schema: z.strictObject({ [value]: token, [isThere]: flag }),
    text: `{"${value}": …, "${isThere}": true or false}`,
  };
}

/** The result of each operation. */
const RESULTS: Readonly<Record<string, ResultShape>> = {
  hello: {
    schema: z.object({ version: z.number(), operations: z.array(z.string()) }),
    text: `{"version":${PROTOCOL_VERSION},"operations":["get","set", …]}`,
  },
  new: ANYTHING,
  sync: ANYTHING,
  get: TOKEN,
  peek: TOKEN,
  set: ANYTHING,
  has: FLAG,
  delete: MAYBE_FLAG,
  clear: ANYTHING,
  size: { schema: count, text: 'an integer from 0' },
  entries: PAIRS,
  keys: TOKENS,
  values: TOKENS,
  load: pairOf('value', 'ok'),
  store: ANYTHING,
  loadOrStore: pairOf('actual', 'loaded'),
  loadAndDelete: pairOf('value', 'loaded'),
  swap: pairOf('previous', 'loaded'),
  compareAndSwap: FLAG,
  compareAndDelete: FLAG,
  range: PAIRS,
};

/** Writes a request as its line, line end included. */
export function formatRequest(request: ProcessRequest): string {
  return `${JSON.stringify(request)}\n`;
}

/**
 * Reads the line that should answer a request. Never throws, whatever the line.
 *
 * Shape: the line without its end. Cost: linear in its length.
 */
export function parseAnswer(
  line: string,
  request: Pick<ProcessRequest, 'id' | 'op'>,
): ProcessAnswer | ProtocolFault {
  const { id, op } = request;
  const shape = RESULTS[op] ?? ANYTHING;
  const fault = (expected: string): ProtocolFault => ({
    kind: 'nonsense',
    line: quote(line),
    expected,
  });
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return fault(`a line of JSON: {"id":${id},"result": ${shape.text}}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fault(`an object: {"id":${id},"result": ${shape.text}}`);
  }
  const members = value as Readonly<Record<string, unknown>>;
  if (members['id'] !== id) return fault(`"id":${id}, since answers come in the order of requests`);
  if (typeof members['error'] === 'string') return { kind: 'error', error: members['error'] };
  // A member that is not there says what a null does: that there is no result.
  const result = shape.schema.safeParse(
    Object.hasOwn(members, 'result') ? members['result'] : null,
  );
  if (result.success) return { kind: 'result', result: result.data as Json };
  return fault(`the result of ${op}: ${shape.text}; or {"id":${id},"error":"…"}`);
}

function quote(line: string): string {
  if (line.length <= QUOTED_LENGTH_MAX) return printable(line);
  return `${printable(line.slice(0, QUOTED_LENGTH_MAX))}… (${line.length} characters)`;
}

/** A text that a terminal only shows: control characters become escapes. */
export function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
