/**
 * Turns the source of GoMap into that of a map whose memory threads share, so that its accesses can be explored.
 *
 * The engine is plain code for one thread: two real threads cannot share its private fields and arrays. Go's map can be
 * shared, and must not be written to by two goroutines. What happens then is asked of a variant that differs in where
 * things are kept, and in nothing else:
 *
 * F1. Buckets: the typed arrays of a block lie over a `SharedArrayBuffer`, so each access to an element is a step.
 * F2. The fields of the map: each becomes a pair of accessors for an element of shared memory of its own, a plain access.
 *     Numbers stand in that element; what is no number stands beside it and is read or written in the same step.
 * F3. The one write that readers make, of an iterator that marks the map as iterated over, is atomic, as it is in Go
 *     (`mapiterinit` in `runtime/map.go`).
 *
 * F4. What a constructor is told of the map it is told by value: no step can be taken in a constructor.
 * F5. A map tells its witness, where it has one, what is read from its flags and written to them, how many entries a call
 *     finds, and that a write has come to its end and is about to look at its mark. That is no access, and no step.
 * F6. What the modules keep for the length of one call (the table of a lookup, the scan of an assignment) can be taken and
 *     given back: JavaScript's threads have modules of their own, so each modelled thread gets its own.
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

/** F6. */
const SCAN = `export const scanPort = {
  take: () => ({ empty: scan.empty, last: scan.last }),
  give: (own: { empty: number; last: number }): void => {
    scan.empty = own.empty;
    scan.last = own.last;
  },
};`;
const SCRATCH = `import { scanPort } from './assign.ts';
export const scratch = {
  take: () => ({ table: foundTable, scan: scanPort.take() }),
  give: (own: { table: MapState['table']; scan: { empty: number; last: number } }): void => {
    foundTable = own.table;
    scanPort.give(own.scan);
  },
};`;

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
  if (path.endsWith('go-map/assign.ts')) return `${code}\n${SCAN}`;
  if (path.endsWith('go-map/go-map.ts')) return `${code}\n${SCRATCH}`;
  if (path.endsWith('go-map/index.ts')) return `${code}\nexport { scratch } from './go-map.ts';`;
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
/** What an element of shared memory has in it before anything is written. */
const BLANK_NUMBERS: readonly (string | undefined)[] = [undefined, '0', 'NO_HOT_PATHS'];

/** F4. */
const KIND = '{ hasIntegerKeys: map.hasIntegerKeys, hasNumberValues: map.hasNumberValues }';

/** F5. */
const END = 'export function endWrite(map: MapState): void {';

/** F2 to F5. */
function shareState(source: string): string {
  const told = replaceOnce(
    source,
    'new Table(B, poolSizeOf(map, B) | 0, map)',
    `new Table(B, poolSizeOf(map, B) | 0, ${KIND})`,
  );
  const attached = replaceOnce(
    told,
    'map.table!.attachOverflowBucket(last, map)',
    `map.table!.attachOverflowBucket(last, ${KIND})`,
  );
  const code = replaceOnce(attached, END, `${END} map.witness?.('ending', 0);`);
  const from = code.indexOf('export class MapState {');
  const to = code.indexOf('  readonly settings: Settings;', from);
  if (from < 0 || to < 0) throw changed('the fields of MapState');
  const fields = [...code.slice(from, to).matchAll(FIELD)];
  const names = fields.map(([, name]) => name!);
  if (names.length < 15) throw changed('the fields of MapState');
  const flags = `this.#cells[/* flags */ ${names.indexOf('flags')}]`;
  const add =
    'addFlags(bits: number): void { ' +
    `const before = Atomics.or(this.#cells, /* flags */ ${names.indexOf('flags')}, bits); ` +
    "this.witness?.('read', before); this.witness?.('write', before | bits); }";
  const head = 'export class MapState {';
  const cells = `readonly #cells: Int32Array = new Int32Array(new SharedArrayBuffer(${4 * names.length}));`;
  const witness = 'witness: ((what: string, value: number) => void) | null = null;';
  const shared = code.slice(from, to).replaceAll(FIELD, (_, name: string, type, initial) => {
    if (name === 'flags') return flagsField(flags);
    if (name === 'count') return countField(`this.#cells[/* count */ ${names.indexOf(name)}]`);
    const cell = `this.#cells[/* ${name} */ ${names.indexOf(name)}]`;
    return type === 'number'
      ? numberField(name, cell, initial)
      : otherField(name, type, initial, cell);
  });
  return (
    code.slice(0, from) +
    shared.replace(head, `${head} ${cells} ${witness} ${add}`) +
    code.slice(to)
  );
}

/** F5. */
function flagsField(cell: string): string {
  const read = `const flags = ${cell}!; this.witness?.('read', flags); return flags;`;
  const write = `${cell} = value; this.witness?.('write', value);`;
  return `  get flags(): number { ${read} } set flags(value: number) { ${write} }`;
}

/** F5. */
function countField(cell: string): string {
  const read = `const count = ${cell}!; this.witness?.('count', count); return count;`;
  return `  get count(): number { ${read} } set count(value: number) { ${cell} = value; }`;
}

function numberField(name: string, cell: string, initial: string | undefined): string {
  if (!BLANK_NUMBERS.includes(initial)) throw changed(`${name} = ${initial}`);
  return `  get ${name}(): number { return ${cell}!; } set ${name}(value: number) { ${cell} = value; }`;
}

function otherField(name: string, type: string, initial: string | undefined, cell: string): string {
  return (
    `  #${name}: ${type}${initial === undefined ? '' : ` = ${initial}`};` +
    ` get ${name}(): ${type} { void ${cell}; return this.#${name}; }` +
    ` set ${name}(value: ${type}) { ${cell} = 0; this.#${name} = value; }`
  );
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
