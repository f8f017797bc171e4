/**
 * The timed loops, made from source text.
 *
 * V8 keeps what it learns about a call with the source text of the function around it, and two functions compiled from
 * the same text share it. A loop that is used for several maps would be slow for all of them, and slowest for whoever
 * comes last. So each loop is compiled for one engine, one operation, one kind of key and one of value, and a comment
 * makes its text unique.
 */
import type { Engine, MapClass } from './engines.ts';
import type { Keys, KeyKind } from './keys.ts';
import type { ValueKind } from './values.ts';
import { VALUE_OBJECTS, VALUE_SOURCES } from './values.ts';

/** Operations in the order in which a turn performs them. */
export const OPERATIONS = [
  'insert',
  'hit',
  'miss',
  'update',
  'forEach',
  'forOf',
  'keys',
  'delete',
] as const;

/** One timed operation. */
export type Operation = (typeof OPERATIONS)[number];

/** Titles for reports. */
export const OPERATION_TITLES: Readonly<Record<Operation, string>> = {
  insert: 'insert while growing',
  hit: 'get, hit',
  miss: 'get, miss',
  update: 'update',
  forEach: 'iterate, forEach',
  forOf: 'iterate, for-of',
  keys: 'iterate, keys cursor',
  delete: 'delete',
};

/** Builds a map of the keys, `rounds` times over, and returns the last. */
export type BuildLoop = (keys: Keys, rounds: number) => object;

/** Works on a map, `rounds` times over, and returns the sum over all rounds. */
export type WorkLoop = (map: object, keys: Keys, rounds: number) => number;

/** The loops of one engine. `null`: the engine has no such operation. */
export interface Loops {
  readonly insert: BuildLoop;
  readonly settle: (map: object) => void;
  readonly work: Readonly<Record<Exclude<Operation, 'insert'>, WorkLoop | null>>;
}

/** Compiles one function that sees `MapClass` and `objects`. `about` goes into its text, to make it unlike all others. */
export function compileLoop(
  about: string,
  parameters: string,
  body: string,
  mapClass: MapClass,
): unknown {
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- the point of this file
  const make = new Function(
    'MapClass',
    'objects',
    `'use strict';\nreturn function (${parameters}) {\n  // ${about}\n${body}\n};`,
  ) as (mapClass: MapClass, objects: unknown) => unknown;
  return make(mapClass, VALUE_OBJECTS);
}

/** Compiles the loops of an engine for one kind of key and one of value. */
export function compileLoops(
  engine: Engine,
  mapClass: MapClass,
  keys: KeyKind,
  values: ValueKind,
): Loops {
  const { dialect } = engine;
  const { inserted, updated, consumed } = VALUE_SOURCES[values];
  const compile = (operation: string, parameters: string, body: string): unknown => {
    const about = `${engine.name}, ${operation}, ${keys} keys, ${values} values`;
    return compileLoop(about, parameters, body, mapClass);
  };
  const work = (operation: Operation, once: string): WorkLoop =>
    compile(
      operation,
      'map, keys, rounds',
      `  let total = 0;
  for (let round = 0; round < rounds; round++) {
    let sum = 0;
${once}
    total += sum;
  }
  return total;`,
    ) as WorkLoop;
  const perKey = (statements: string): string =>
    `    for (let index = 0; index < keys.length; index++) {
      const key = keys[index];
      ${statements}
    }`;
  const get = `const value = ${dialect.get}; if (value !== undefined) sum += ${consumed};`;
  // Small integers are summed as they are, strings by their length: cheap, exact and the same in every order.
  const consumedKey = keys === 'int' ? 'key' : 'key.length';
  const { call, parameters } = dialect.forEach;
  return {
    insert: compile(
      'insert',
      'keys, rounds',
      `  let map;
  for (let round = 0; round < rounds; round++) {
    map = ${dialect.create};
${perKey(`const value = ${inserted}; ${dialect.set};`)}
  }
  return map;`,
    ) as BuildLoop,
    settle: compile('settle', 'map', dialect.settle) as Loops['settle'],
    work: {
      hit: work('hit', perKey(get)),
      miss: work('miss', perKey(`${get} else sum++;`)),
      update: work('update', perKey(`const value = ${updated}; ${dialect.set}; sum++;`)),
      forEach: work(
        'forEach',
        `    ${call}((${parameters}) => { sum += ${consumed} + (${consumedKey} & 255); });`,
      ),
      forOf:
        dialect.entries === null
          ? null
          : work(
              'forOf',
              `    for (const [key, value] of ${dialect.entries}) { sum += ${consumed} + (${consumedKey} & 255); }`,
            ),
      keys:
        dialect.keys === null
          ? null
          : work('keys', `    for (const key of ${dialect.keys}) sum += ${consumedKey} & 255;`),
      delete: work('delete', perKey(`if (${dialect.delete}) sum++;`)),
    },
  };
}
