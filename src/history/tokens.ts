/** JSON texts of keys and values. */
import { canonicalJson } from './canonical.ts';
import { internText } from './builder.ts';
import type { Interner } from './interner.ts';

const QUOTE = 34;
const BACKSLASH = 92;

/**
 * The id of the JSON value whose text is `buffer[start..end-1]`.
 *
 * @throws SyntaxError if the text is not JSON.
 */
export function tokenId(
  interner: Interner,
  buffer: Uint8Array,
  start: number,
  end: number,
): number {
  if (isCanonical(buffer, start, end)) return interner.intern(buffer, start, end);
  const text = new TextDecoder().decode(buffer.subarray(start, end));
  return internText(interner, canonicalJson(text));
}

/** Whether a JSON text is surely the only one of its value: a plain string, a whole number, or a literal. */
function isCanonical(buffer: Uint8Array, start: number, end: number): boolean {
  const first = buffer[start]!;
  if (first === QUOTE) {
    for (let at = start + 1; at < end; at++) if (buffer[at] === BACKSLASH) return false;
    return true;
  }
  if (first === 45) return false;
  if (first >= 48 && first <= 57) {
    for (let at = start + 1; at < end; at++) if (buffer[at]! < 48 || buffer[at]! > 57) return false;
    return true;
  }
  return first !== 123 && first !== 91;
}

/** Key and value of each pair as canonical JSON; `null` if the text is not a list of pairs. */
export function parseEntries(text: string): (readonly [string, string])[] | null {
  const pairs = splitList(text);
  if (pairs === null) return null;
  const entries: (readonly [string, string])[] = [];
  for (const pair of pairs) {
    const parts = splitList(pair);
    if (parts === null || parts.length !== 2) return null;
    entries.push([canonicalJson(parts[0]!), canonicalJson(parts[1]!)]);
  }
  return entries;
}

/** The texts of a JSON list's elements, digits of long numbers kept; `null` if it is no list. */
function splitList(text: string): string[] | null {
  try {
    if (!Array.isArray(JSON.parse(text))) return null;
  } catch {
    return null;
  }
  const inner = text.trim().slice(1, -1);
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < inner.length; at++) {
    const letter = inner[at];
    if (letter === '"') at = stringEnd(inner, at);
    else if (letter === '[' || letter === '{') depth++;
    else if (letter === ']' || letter === '}') depth--;
    else if (letter === ',' && depth === 0) {
      parts.push(inner.slice(from, at).trim());
      from = at + 1;
    }
  }
  const last = inner.slice(from).trim();
  if (last !== '') parts.push(last);
  return parts;
}

/** Where the string that begins at `start` has its closing quote. */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
