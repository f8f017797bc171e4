/** What the steps of a run read and wrote, as tables show it. */
import type { PlacedStep } from '../run/program-failure.ts';
import { printable } from './characters.ts';
import { clip } from './table.ts';

/** Columns a value takes at most. */
const VALUE_WIDTH_MAX = 30;

/**
 * The values that each step read and wrote. An object is named by its class and a number, in the order in which objects
 * appear: what it has in it may have changed since, and which one it is tells more.
 */
export function stepValues(
  steps: readonly Pick<PlacedStep, 'read' | 'written' | 'kind'>[],
): string[] {
  const names = new Map<object, string>();
  const show = (value: unknown): string => clip(printable(textOf(value, names)), VALUE_WIDTH_MAX);
  return steps.map(({ read, written, kind }) => {
    if (read !== undefined && written !== undefined) return `${show(read)} -> ${show(written)}`;
    if (written !== undefined) return `= ${show(written)}`;
    if (read === undefined) return kind === 'wake' ? 'wakes' : '';
    return kind === 'compareExchange' ? `${show(read)}, not swapped` : show(read);
  });
}

function textOf(value: unknown, names: Map<object, string>): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'bigint':
      return `${value}n`;
    case 'object': {
      if (value === null) return 'null';
      const known = names.get(value) ?? `${classOf(value)} ${names.size + 1}`;
      names.set(value, known);
      return known;
    }
    default:
      return String(value);
  }
}

/** The name of an object's class; `object` for one without, or one that does not let itself be asked. */
function classOf(value: object): string {
  try {
    const { constructor } = value;
    const name: unknown = constructor === Object ? '' : constructor.name;
    return typeof name === 'string' && name !== '' ? name : 'object';
  } catch {
    return 'object';
  }
}
