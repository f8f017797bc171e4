/** Damages a text, a little or a lot, the same for the same numbers. */
import { createIntegers, type Integers } from '../../src/random/integers.ts';
import { deriveState, expandSeed } from '../../src/random/seed.ts';

/** What people, disks and merges leave in files, and what parsers trip over. */
const NASTY: readonly string[] = [
  ['', '{', '}', '[', ']', '"', ',', ':', '\\', '\n', '\r', '\0', '\u2028', '\ud800', '\ufeff'],
  ['null', 'true', '0', '-1', '-0', '1e999', '4294967296', '9007199254740993', '0.5', '1e-7'],
  ['"__proto__"', '"constructor"', '"toString"', '""', '"NaN"', '{}', '[]', '[[[[[[]]]]]]'],
  ['<<<<<<< HEAD\n', '// comment\n', "'", 'NaN', 'undefined', '\u001b[31m', '%s', '${x}'],
].flat();

const NUMBERS = [0, -1, 1, 2, 7, 31, 64, 1e9, 2 ** 31, 2 ** 32, 2 ** 53, 0.5, -0, 1e300];
const TEXTS = ['', 'a', '__proto__', 'toString', 'constructor', 'x'.repeat(5_000), '\ud800', '\0'];
const SHAPES = [
  null,
  true,
  [],
  {},
  [[]],
  [null],
  { op: 'get' },
  Array.from({ length: 300 }, () => 0),
];

/** Values put in the place of others in JSON. */
const VALUES: readonly unknown[] = [NUMBERS, TEXTS, SHAPES].flatMap((list): unknown[] => list);

/** The source of randomness of one mutation. */
export function integersOf(seed: string, index: number): Integers {
  return createIntegers(deriveState(expandSeed(seed, 'mutated-inputs'), index));
}

/** Damages a text: as text, or as JSON where it is some. One change in most cases, up to four. */
export function mutate(text: string, random: Integers): string {
  let damaged = text;
  const changes = random.below(4) === 0 ? 1 + random.below(4) : 1;
  for (let change = 0; change < changes; change++) {
    damaged = random.below(2) === 0 ? mutateText(damaged, random) : mutateJson(damaged, random);
  }
  return damaged;
}

function mutateText(text: string, random: Integers): string {
  const at = random.below(text.length + 1);
  const to = Math.min(text.length, at + 1 + random.below(random.below(4) === 0 ? 400 : 8));
  switch (random.below(7)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(to);
    case 2:
      return text.slice(0, to) + text.slice(at);
    case 3:
      return text.slice(0, at) + NASTY[random.below(NASTY.length)]! + text.slice(at);
    case 4:
      return text.slice(0, at) + NASTY[random.below(NASTY.length)]! + text.slice(to);
    case 5:
      return flip(text, at, random);
    default:
      return swapLines(text, random);
  }
}

function flip(text: string, at: number, random: Integers): string {
  if (at >= text.length) return text.slice(1);
  const code = text.charCodeAt(at) ^ (1 << random.below(7));
  return text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
}

function swapLines(text: string, random: Integers): string {
  const lines = text.split('\n');
  const left = random.below(lines.length);
  const right = random.below(lines.length);
  [lines[left], lines[right]] = [lines[right]!, lines[left]!];
  return lines.join('\n');
}

/** Changes one value in a JSON text, or in one line of a text of JSON lines; other texts stay as they are. */
export function mutateJson(text: string, random: Integers): string {
  const whole = parse(text);
  if (whole !== undefined) return JSON.stringify(changeValue(whole.value, random), null, 2);
  const lines = text.split('\n');
  const at = random.below(lines.length);
  const line = parse(lines[at]!);
  if (line === undefined) return text;
  lines[at] = JSON.stringify(changeValue(line.value, random));
  return lines.join('\n');
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly name: string;
}

function changeValue(value: unknown, random: Integers): unknown {
  const places: Place[] = [];
  collect(value, places);
  if (places.length === 0) return VALUES[random.below(VALUES.length)];
  const { holder, name } = places[random.below(places.length)]!;
  const other = places[random.below(places.length)]!;
  switch (random.below(6)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(name), 1);
      else delete holder[name];
      break;
    case 1:
      holder[`${name}s`] = holder[name];
      break;
    case 2:
      // A copy: the same object in two places would make a circle in the end.
      holder[name] = JSON.parse(JSON.stringify(other.holder[other.name] ?? null)) as unknown;
      break;
    case 3:
      if (typeof holder[name] === 'number') holder[name] += random.below(5) - 2;
      else holder[name] = VALUES[random.below(VALUES.length)];
      break;
    default:
      holder[name] = VALUES[random.below(VALUES.length)];
  }
  return value;
}

function collect(value: unknown, places: Place[]): void {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Record<string, unknown>;
  for (const name of Object.keys(holder)) {
    places.push({ holder, name });
    collect(holder[name], places);
  }
}
