/** Steps in words, as messages name them. */

/** What there is to say of a step. */
export interface WordedStep {
  readonly thread: number;
  readonly kind: string;
  /** Source text, and where it stands; either may be empty. */
  readonly expression: string;
  readonly place: string;
  /** What it touched, as `setup #0, byte 4`. */
  readonly location: string;
}

/** What a step touched, as the source calls it; its location where the source has no short name for it. */
export function objectOf({ expression, location }: WordedStep): string {
  const atomics = /^Atomics\.\w+\(\s*([\w$.#]+),\s*([\w$.#]+)/.exec(expression);
  if (atomics !== null) return `${atomics[1]}[${atomics[2]}]`;
  const element = /^[\w$.#]+\[(?:[^[\]]|\[[^[\]]*\])*\]/.exec(expression);
  if (element !== null) return element[0];
  const method = /^(?!Atomics\.)([\w$.#]+)\.#?[\w$]+\(/.exec(expression);
  return method === null ? location : method[1]!;
}

/** `T2's store of flag[0] (a.ts:3:5)`, with `object` for what it touched. */
export function stepWords({ thread, kind, place }: WordedStep, object: string): string {
  const link = kind === 'wait' || kind === 'notify' ? 'on' : 'of';
  const what = object === '' ? '' : ` ${link} ${object}`;
  return `T${thread + 1}'s ${kind}${what}${place === '' ? '' : ` (${place})`}`;
}

/** What is wrong with two steps that race. */
export function raceWords(first: WordedStep, second: WordedStep): string {
  const object = objectOf(first);
  const other = object === objectOf(second) ? 'it' : objectOf(second);
  return `data race: ${stepWords(first, object)} and ${stepWords(second, other)} are not ordered by happens-before`;
}
