/** Where a text stops being JSON, and how a place inside JSON is written. */

/** Line and column, both 1-based, of a character offset. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}

/**
 * The place of the first syntax error in a text that `JSON.parse` refuses, as `line:column`, and the cause in words.
 *
 * Found by a scan of its own, since engines word their errors differently and not all of them give an offset.
 */
export function describeSyntaxError(text: string): { at: string; reason: string } {
  const offset = syntaxErrorOffset(text);
  const { line, column } = positionOf(text, offset);
  if (offset >= text.trimEnd().length) {
    const reason = text.trim() === '' ? 'the file is empty' : 'the JSON text ends too early';
    return { at: `${line}:${column}`, reason };
  }
  const found = JSON.stringify(text.slice(offset, offset + 12).split('\n')[0]);
  return { at: `${line}:${column}`, reason: `the text is not JSON from here: ${found}` };
}

/** A JSON path as people write it: `$.program.threads[0][2].op`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const name = String(part);
    return /^[A-Za-z_$][\w$]*$/.test(name) ? `${text}.${name}` : `${text}[${JSON.stringify(name)}]`;
  }, '$');
}

/**
 * Offset of the value that a path names in a valid JSON text, or of the last part of the path that is there.
 *
 * Cost: linear in the text before that value.
 */
export function offsetOfPath(text: string, path: readonly PropertyKey[]): number {
  let offset = skipSpace(text, 0);
  for (const part of path) {
    const inside = memberOffset(text, offset, part);
    if (inside === null) return offset;
    offset = inside;
  }
  return offset;
}

/** Offset of one member's value, for the array or object that begins at `offset`. */
function memberOffset(text: string, offset: number, part: PropertyKey): number | null {
  const isArray = text[offset] === '[';
  if (!isArray && text[offset] !== '{') return null;
  let at = skipSpace(text, offset + 1);
  for (let index = 0; text[at] !== ']' && text[at] !== '}'; index++) {
    let name: PropertyKey = index;
    if (!isArray) {
      const end = scalarEnd(text, at)!;
      name = JSON.parse(text.slice(at, end)) as string;
      at = skipSpace(text, skipSpace(text, end) + 1);
    }
    if (name === part) return at;
    at = skipSpace(text, valueEnd(text, at));
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return null;
}

function valueEnd(text: string, offset: number): number {
  if (text[offset] !== '[' && text[offset] !== '{') return scalarEnd(text, offset)!;
  let depth = 0;
  let at = offset;
  do {
    const character = text[at]!;
    if (character === '"') {
      at = scalarEnd(text, at)!;
      continue;
    }
    if (character === '[' || character === '{') depth++;
    if (character === ']' || character === '}') depth--;
    at++;
  } while (depth > 0);
  return at;
}

function skipSpace(text: string, offset: number): number {
  SPACE.lastIndex = offset;
  SPACE.test(text);
  return SPACE.lastIndex;
}

const SCALAR =
  /"(?:[^"\\\u0000-\u001f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const SPACE = /[ \t\r\n]*/y;

/** What may come next: a value, a key, or what follows a value. */
type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end';

/** Offset of the first character that cannot continue a JSON text; the text's length when it ends too early. */
function syntaxErrorOffset(text: string): number {
  const open: ('[' | '{')[] = [];
  let expected: Expected = 'value';
  let offset = 0;
  for (;;) {
    offset = skipSpace(text, offset);
    const character = text[offset];
    if (character === undefined) return offset;
    const next = step(text, offset, character, expected, open);
    if (next === null) return offset;
    [expected, offset] = next;
  }
}

/** Takes one token, or returns `null` where none fits. */
function step(
  text: string,
  offset: number,
  character: string,
  expected: Expected,
  open: ('[' | '{')[],
): [Expected, number] | null {
  switch (expected) {
    case ':':
      return character === ':' ? ['value', offset + 1] : null;
    case ', or end':
      if (open.length === 0) return null;
      if (character === ',') return [open.at(-1) === '{' ? 'key' : 'value', offset + 1];
      return closes(character, open) ? [', or end', offset + 1] : null;
    case 'key or }':
    case 'value or ]':
      if (closes(character, open)) return [', or end', offset + 1];
      return step(text, offset, character, expected === 'value or ]' ? 'value' : 'key', open);
    case 'key': {
      const end = character === '"' ? scalarEnd(text, offset) : null;
      return end === null ? null : [':', end];
    }
    case 'value': {
      if (character === '[' || character === '{') {
        open.push(character);
        return [character === '[' ? 'value or ]' : 'key or }', offset + 1];
      }
      const end = scalarEnd(text, offset);
      return end === null ? null : [', or end', end];
    }
  }
}

function closes(character: string, open: ('[' | '{')[]): boolean {
  const isClosing = character === (open.at(-1) === '[' ? ']' : '}');
  if (isClosing) open.pop();
  return isClosing;
}

function scalarEnd(text: string, offset: number): number | null {
  SCALAR.lastIndex = offset;
  return SCALAR.test(text) ? SCALAR.lastIndex : null;
}
