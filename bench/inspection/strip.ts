/**
 * Takes out of an engine's compiled text what only the checker uses.
 *
 * The rules know how the engines write these things and nothing more. When an engine changes its ways, `strip…` says so
 * instead of measuring a copy from which nothing was taken.
 */
import { InternalError } from '../../src/core/errors.ts';

/** A changed text, and how many places were changed. */
export interface Stripped {
  readonly text: string;
  readonly count: number;
}

/** `map.observer?.cleared?.();`: the whole statement. It becomes an empty one, as it may stand behind an `if`. */
const OBSERVER_CALL = /[\w.#]*\bobserver\??\.\w+\?\.\([^;]*\);/g;
/** `map.observer !== null`: never true in the copy, and V8 drops what it guards. */
const OBSERVER_TEST = /[\w.#]*\bobserver !== (?:null|undefined)/g;
const OBSERVER_FIELD = /^\s*#?observer;$/gm;
const OBSERVER_ASSIGNMENT = /^\s*this\.#?observer = [^;]*;$/gm;
const OBSERVER_USE = /(?:this|map)\.#?observer\b/;

/** Removes observers and `inspect()`. @throws InternalError if calls of an observer are left. */
export function stripInspection(text: string): Stripped {
  let count = 0;
  const replace = (source: string, pattern: RegExp, replacement: string): string =>
    source.replaceAll(pattern, () => {
      count++;
      return replacement;
    });
  let stripped = replace(text, OBSERVER_TEST, 'false');
  stripped = replace(stripped, OBSERVER_CALL, ';');
  const withoutFields = stripped.replaceAll(OBSERVER_ASSIGNMENT, '').replaceAll(OBSERVER_FIELD, '');
  if (!OBSERVER_USE.test(withoutFields)) stripped = withoutFields;
  for (let start = findInspect(stripped); start >= 0; start = findInspect(stripped)) {
    stripped = stripped.slice(0, start) + stripped.slice(endOfBlock(stripped, start));
    count++;
  }
  assertGone(stripped, /\bobserver\s*(?:\?\.|\.|\[)\s*\w+\s*(?:\?\.)?\(/, 'a call of an observer');
  return { text: stripped, count };
}

/** Writes `AtomicRef` fields as plain ones. @throws InternalError if an access is left. */
export function stripAtomics(text: string): Stripped {
  let count = 0;
  const rules: readonly (readonly [RegExp, string])[] = [
    [/(\.pointer|\.#read) = new AtomicRef\((.*)\);/g, '$1 = $2;'],
    [/(\.pointer|\.#read)\.load\(\)/g, '$1'],
    [/([\w.]+\.pointer)\.compareAndSwap\((\w+), (\w+)\)/g, '($1 === $2 && (($1 = $3), true))'],
    [/return (this\.pointer)\.swap\((\w+)\);/g, 'const previous = $1; $1 = $2; return previous;'],
    [/(this\.#read)\.store\((.*)\);/g, '$1 = $2;'],
  ];
  let stripped = text;
  for (const [pattern, replacement] of rules) {
    count += stripped.match(pattern)?.length ?? 0;
    stripped = stripped.replaceAll(pattern, replacement);
  }
  assertGone(
    stripped,
    /(?:pointer|#read)\.(?:load|store|swap|compareAndSwap)\(|new AtomicRef/,
    'an access to an AtomicRef',
  );
  return { text: stripped, count };
}

function findInspect(text: string): number {
  return text.search(/^ {4}inspect\(\) \{$/m);
}

/** The index behind the closing brace of the block that begins after `start`. Engines have no braces in strings. */
function endOfBlock(text: string, start: number): number {
  let depth = 0;
  for (let index = text.indexOf('{', start); index < text.length; index++) {
    if (text[index] === '{') depth++;
    else if (text[index] === '}' && --depth === 0) return index + 1;
  }
  return text.length;
}

function assertGone(text: string, pattern: RegExp, what: string): void {
  const left = pattern.exec(text);
  if (left === null) return;
  const line = text.slice(0, left.index).split('\n').length;
  throw new InternalError(`${what} is left after stripping: ${left[0]}`, {
    code: 'E-BENCH-007',
    place: `line ${line}`,
    todo: 'Teach bench/inspection/strip.ts how the engine writes it now.',
  });
}
