/**
 * Turns the source of GoMap into that of a map whose memory threads share, so that its accesses can be explored.
 *
 * The engine is plain code for one thread: two real threads cannot share its private fields and arrays. Go's map can be
 * shared, and must not be written to by two goroutines. What happens then is asked of a variant that differs in where
 * things are kept, and in nothing else:
 *
 * F1. Buckets: the typed arrays of a block lie over a `SharedArrayBuffer`, so each access to an element is a step.
 * F2. The fields of the map: each becomes a pair of accessors that touch an element of shared memory of their own, as a
 *     plain access, in the step in which the field itself is read or written.
 * F3. The one write that readers make, of an iterator that marks the map as iterated over, is atomic, as it is in Go
 *     (`mapiterinit` in `runtime/map.go`).
 *
 * F4. What a constructor is told of the map it is told by value: no step can be taken in a constructor.
 *
 * Keys and values that are no numbers stand in plain arrays of the engine, which stay unseen: programs use numbers.
 */
import { InternalError } from '../../../src/core/errors.ts';

/** Changes the source of one file of the engine; others come back as they are. */
export function shareFields(path: string, code: string): string {
  if (!path.includes('/go-map/')) return code;
  // An object pattern reads plain properties only.
  return share(
    path,
    code.replaceAll(PATTERN, (_, names: string) => fieldByField(names)),
  );
}

const PATTERN = /const \{ ([\w, ]+) \} = map;/gu;

function fieldByField(names: string): string {
  return names
    .split(',')
    .map((name) => `const ${name.trim()} = map.${name.trim()};`)
    .join(' ');
}

function share(path: string, code: string): string {
  if (path.endsWith('go-map/block.ts')) return shareBlocks(code);
  if (path.endsWith('go-map/state.ts')) return shareState(code);
  if (path.endsWith('go-map/iterator.ts')) {
    const mark = 'map.flags |= FLAG_ITERATOR | FLAG_OLD_ITERATOR;';
    return replaceOnce(code, mark, 'map.addFlags(FLAG_ITERATOR | FLAG_OLD_ITERATOR);');
  }
  return code;
}

/** F1. */
function shareBlocks(code: string): string {
  const words = replaceOnce(
    code,
    'const memory = new ArrayBuffer(size);',
    'const memory = new SharedArrayBuffer(size);',
  );
  return replaceOnce(
    words,
    'new Float64Array(new ArrayBuffer(size), SLACK)',
    'new Float64Array(new SharedArrayBuffer(size), SLACK)',
  );
}

const FIELD = /^ {2}(\w+): ([^;=]+?)(?: = ([^;]+))?;$/gmu;

/** F4. */
const KIND = '{ hasIntegerKeys: map.hasIntegerKeys, hasNumberValues: map.hasNumberValues }';

/** F2 to F4. */
function shareState(source: string): string {
  const told = replaceOnce(
    source,
    'new Table(B, poolSizeOf(map, B) | 0, map)',
    `new Table(B, poolSizeOf(map, B) | 0, ${KIND})`,
  );
  const code = replaceOnce(
    told,
    'map.table!.attachOverflowBucket(last, map)',
    `map.table!.attachOverflowBucket(last, ${KIND})`,
  );
  const from = code.indexOf('export class MapState {');
  const to = code.indexOf('  readonly settings: Settings;', from);
  if (from < 0 || to < 0) throw changed('the fields of MapState');
  let count = 0;
  const fields = code
    .slice(from, to)
    .replaceAll(FIELD, (_, name: string, type: string, initial?: string) => {
      const cell = count++;
      const read = `void this.#cells[${cell}]; return this.#${name};`;
      const write = `this.#cells[${cell}] = 0; this.#${name} = value;`;
      return (
        `  #${name}: ${type}${initial === undefined ? '' : ` = ${initial}`};` +
        ` get ${name}(): ${type} { ${read} } set ${name}(value: ${type}) { ${write} }`
      );
    });
  if (count < 15) throw changed('the fields of MapState');
  const flags = [...code.slice(from, to).matchAll(FIELD)].findIndex(([, name]) => name === 'flags');
  const head = 'export class MapState {';
  const cells = `readonly #cells: Int32Array = new Int32Array(new SharedArrayBuffer(${4 * count}));`;
  const add = `addFlags(bits: number): void { Atomics.or(this.#cells, ${flags}, 0); this.#flags |= bits; }`;
  return code.slice(0, from) + fields.replace(head, `${head} ${cells} ${add}`) + code.slice(to);
}

function replaceOnce(code: string, find: string, replace: string): string {
  if (code.split(find).length !== 2) throw changed(find);
  return code.replace(find, replace);
}

function changed(what: string): InternalError {
  return new InternalError(`GoMap's source has changed: ${what}`, {
    code: 'E-MUTANT-001',
    todo: 'Bring shared-fields.ts up to date with it.',
  });
}
