/** Operations as a person writes them. */
import type { Operation } from '../../src/core/program.ts';
import { keyRunOf } from './own-map.ts';
import type { RunValues } from './values.ts';

/** An operation as text: `set(3, 7)`. */
export function showOperation(operation: Operation, values: RunValues): string {
  const { op, k, old, v, it } = operation;
  switch (op) {
    case 'fill':
    case 'drain': {
      const { from, count, stride } = keyRunOf(operation);
      const verb = op === 'fill' ? 'set' : 'delete';
      return `${verb} ${count} keys from ${from}${stride === 1 ? '' : ` by ${stride}`}`;
    }
    case 'iterate':
      return `iterator ${Number(it)} = ${operation['kind'] as string}()`;
    case 'next':
      return `iterator ${Number(it)}: next() × ${Number(operation['count'])}`;
    case 'version':
      return `go on with the version ${Number(operation['back'])} back`;
    case 'size':
      return 'size';
    case 'forEach':
    case 'range':
      return showLoop(operation, values);
    default: {
      const shown = [k, old, v].filter((token) => token !== undefined);
      return `${op}(${shown.map((token) => values.show(values.decode(token))).join(', ')})`;
    }
  }
}

function showLoop(operation: Operation, values: RunValues): string {
  const nested = (operation['nested'] ?? []) as readonly Operation[];
  const parts = nested.map((inner) => `${Number(inner['at'])}: ${showOperation(inner, values)}`);
  if (typeof operation['stop'] === 'number') parts.push(`stop after ${operation['stop']}`);
  return `${operation.op}(${parts.join('; ')})`;
}
