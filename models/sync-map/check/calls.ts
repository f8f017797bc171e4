/** Operations of a program as calls on an engine or on the spec, and as text. */
import type { Operation } from '../../../src/core/program.ts';
import { showValue } from '../../value-token.ts';
import type { TokenDecoder } from '../../value-token.ts';
import type { OperationName } from '../rules.ts';
import type { SyncMapOperations } from '../spec.ts';

/** What a call returned: the value, if it returns one, and the boolean, if it returns one. */
export interface Answer {
  readonly value: unknown;
  readonly flag: boolean;
}

const NOTHING: Answer = { value: undefined, flag: false };

/** An operation with its tokens decoded. */
export interface Call {
  readonly name: Exclude<OperationName, 'range'>;
  readonly key: unknown;
  readonly value: unknown;
  readonly old: unknown;
}

/** Decodes the arguments of an operation that is not a range. */
export function decodeCall(operation: Operation, decoder: TokenDecoder): Call {
  const { k, v, old } = operation;
  return {
    name: operation.op as Call['name'],
    key: k === undefined ? undefined : decoder.decode(k),
    value: v === undefined ? undefined : decoder.decode(v),
    old: old === undefined ? undefined : decoder.decode(old),
  };
}

/** Makes a call. */
export function perform(map: SyncMapOperations<unknown, unknown>, call: Call): Answer {
  const { key, value } = call;
  switch (call.name) {
    case 'load': {
      const found = map.load(key);
      return { value: found.value, flag: found.ok };
    }
    case 'store':
      map.store(key, value);
      return NOTHING;
    case 'loadOrStore': {
      const found = map.loadOrStore(key, value);
      return { value: found.actual, flag: found.loaded };
    }
    case 'loadAndDelete': {
      const found = map.loadAndDelete(key);
      return { value: found.value, flag: found.loaded };
    }
    case 'delete':
      map.delete(key);
      return NOTHING;
    case 'swap': {
      const found = map.swap(key, value);
      return { value: found.previous, flag: found.loaded };
    }
    case 'compareAndSwap':
      return { value: undefined, flag: map.compareAndSwap(key, call.old, value) };
    case 'compareAndDelete':
      return { value: undefined, flag: map.compareAndDelete(key, call.old) };
    case 'clear':
      map.clear();
      return NOTHING;
  }
}

/** Writes a call as a person would: `compareAndSwap(3, 7, 8)`. */
export function showCall({ name, key, value, old }: Call): string {
  switch (name) {
    case 'clear':
      return 'clear()';
    case 'load':
    case 'loadAndDelete':
    case 'delete':
      return `${name}(${showValue(key)})`;
    case 'store':
    case 'loadOrStore':
    case 'swap':
      return `${name}(${showValue(key)}, ${showValue(value)})`;
    case 'compareAndDelete':
      return `${name}(${showValue(key)}, ${showValue(old)})`;
    case 'compareAndSwap':
      return `${name}(${showValue(key)}, ${showValue(old)}, ${showValue(value)})`;
  }
}

/** Writes an answer as a person would; an empty string for a call that returns nothing. */
export function showAnswer(name: Call['name'], { value, flag }: Answer): string {
  switch (name) {
    case 'store':
    case 'delete':
    case 'clear':
      return '';
    case 'load':
      return `{ value: ${showValue(value)}, ok: ${flag} }`;
    case 'loadOrStore':
      return `{ actual: ${showValue(value)}, loaded: ${flag} }`;
    case 'loadAndDelete':
      return `{ value: ${showValue(value)}, loaded: ${flag} }`;
    case 'swap':
      return `{ previous: ${showValue(value)}, loaded: ${flag} }`;
    case 'compareAndSwap':
    case 'compareAndDelete':
      return `${flag}`;
  }
}
