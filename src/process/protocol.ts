/**
 * The line protocol of maps in other languages, version 1: one JSON object a line, each request answered by one line in
 * the order asked. `docs/process-targets.md` is its description; this file is pure.
 */
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

interface ResultShape {
  /** Written out, since it is done for every answer. */
  readonly fits: (result: unknown) => boolean;
  readonly text: string;
}

const FLOATS: readonly unknown[] = ['NaN', '-0', 'Infinity', '-Infinity'];
const OBJECTS_MAX = 0xffff;

/** Whether a value is a token: a key or a value as traces hold it. */
function isToken(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value !== undefined;
  const [member, ...others] = Object.entries(value);
  if (member === undefined || others.length > 0 || Array.isArray(value)) return false;
  const [kind, content] = member;
  switch (kind) {
    case 'float':
      return FLOATS.includes(content);
    case 'bigint':
      return typeof content === 'string' && /^(0|-?[1-9][0-9]*)$/.test(content);
    case 'object':
      return isCount(content) && (content as number) <= OBJECTS_MAX;
    default:
      return kind === 'undefined' && content === true;
  }
}

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isListOf(value: unknown, fits: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(fits);
}

function isPair(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every(isToken);
}

function isHello(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { version, operations } = value as Partial<HelloResult>;
  return typeof version === 'number' && isListOf(operations, (name) => typeof name === 'string');
}

const TOKEN: ResultShape = {
  fits: isToken,
  text: 'a value, {"undefined":true} where there is none',
};
const FLAG: ResultShape = { fits: isFlag, text: 'true or false' };
const MAYBE_FLAG: ResultShape = {
  fits: (value) => value === null || isFlag(value),
  text: 'true, false, or null',
};
const ANYTHING: ResultShape = { fits: () => true, text: 'anything, as null' };
const PAIRS: ResultShape = {
  fits: (value) => isListOf(value, isPair),
  text: 'a list of [key, value]',
};
const TOKENS: ResultShape = {
  fits: (value) => isListOf(value, isToken),
  text: 'a list of values',
};

function pairOf(value: string, isThere: string): ResultShape {
  return {
    fits: (result) => {
      if (typeof result !== 'object' || result === null) return false;
      const members = result as Readonly<Record<string, unknown>>;
      return isToken(members[value]) && isFlag(members[isThere]);
    },
    text: `{"${value}": …, "${isThere}": true or false}`,
  };
}

/** The result of each operation. */
const RESULTS: Readonly<Record<string, ResultShape>> = {
  hello: {
    fits: isHello,
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
  size: { fits: isCount, text: 'an integer from 0' },
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
  const result = Object.hasOwn(members, 'result') ? members['result'] : null;
  if (shape.fits(result)) return { kind: 'result', result: result as Json };
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
