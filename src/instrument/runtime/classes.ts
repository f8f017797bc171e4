/** Methods and accessors of instrumented classes. */
import { generatorForm, run, twinned } from './run.ts';
import type { AnyFunction, SteppedForm } from './run.ts';
import { SteppedGenerator } from './iterate.ts';
import { STEP } from './symbol.ts';

type MemberKind = 'get' | 'set' | 'method' | 'generator';
type Row = readonly [name: string, isStatic: 0 | 1, isGenerator: 0 | 1];

/** Members whose key is an accessor's or computed stand under a symbol until the class is complete. */
const waiting = new Map<symbol, { readonly kind: MemberKind; readonly key: PropertyKey }>();

/** The symbol a member stands under until `swapMethods` gives it its key. */
export function memberKey(kind: MemberKind, key: unknown): symbol {
  const property = typeof key === 'symbol' ? key : String(key);
  const symbol = Symbol(String(property));
  waiting.set(symbol, { kind, key: property });
  return symbol;
}

/** Replaces generators of a class by plain functions that carry them. */
export function swapMethods(owner: AnyFunction, rows: readonly Row[], hasWaiting: 0 | 1): void {
  const prototype = (owner as unknown as { prototype: object }).prototype;
  for (const [name, isStatic, isGenerator] of rows) {
    swap(isStatic ? owner : prototype, name, isGenerator === 1);
  }
  if (!hasWaiting) return;
  for (const holder of [prototype, owner]) {
    for (const symbol of Object.getOwnPropertySymbols(holder)) settle(holder, symbol);
  }
}

function swap(holder: object, key: PropertyKey, isGenerator: boolean): void {
  const form = (holder as Record<PropertyKey, unknown>)[key] as SteppedForm;
  const value = plainMethod(form, key, isGenerator);
  Object.defineProperty(holder, key, {
    value,
    configurable: true,
    writable: true,
    enumerable: false,
  });
}

function plainMethod(form: SteppedForm, key: PropertyKey, isGenerator: boolean): AnyFunction {
  const holder: Record<'plain', AnyFunction> = isGenerator
    ? {
        plain(...args) {
          return new SteppedGenerator(form.apply(this, args));
        },
      }
    : {
        plain(...args) {
          return run(form.apply(this, args));
        },
      };
  const { plain } = holder;
  const name = typeof key === 'symbol' ? `[${key.description ?? ''}]` : String(key);
  Object.defineProperty(plain, 'name', { value: name, configurable: true });
  Object.defineProperty(plain, 'length', { value: form.length, configurable: true });
  return twinned(plain, isGenerator ? generatorForm(form) : form);
}

function settle(holder: object, symbol: symbol): void {
  const member = waiting.get(symbol);
  if (member === undefined) return;
  waiting.delete(symbol);
  const members = holder as Record<PropertyKey, unknown>;
  const form = members[symbol] as SteppedForm;
  delete members[symbol];
  const { kind, key } = member;
  if (kind === 'method' || kind === 'generator') {
    const value = plainMethod(form, key, kind === 'generator');
    Object.defineProperty(holder, key, {
      value,
      configurable: true,
      writable: true,
      enumerable: false,
    });
    return;
  }
  const known = Object.getOwnPropertyDescriptor(holder, key);
  const plain = plainMethod(form, key, false);
  Object.defineProperty(holder, key, {
    ...known,
    ...(kind === 'get' ? { get: plain } : { set: plain as (value: unknown) => void }),
    configurable: true,
    enumerable: false,
  });
}

function accessor(object: unknown, name: string, part: 'get' | 'set'): unknown {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return undefined;
  for (
    let at: object | null = object;
    at !== null;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    const found = Object.getOwnPropertyDescriptor(at, name);
    if (found !== undefined) return (found[part] as { [STEP]?: unknown } | undefined)?.[STEP];
  }
  return undefined;
}

/** The stepped form of the getter behind a property, or `undefined`. */
export function getter(object: unknown, name: string): unknown {
  return accessor(object, name, 'get');
}

/** The stepped form of the setter behind a property, or `undefined`. */
export function setter(object: unknown, name: string): unknown {
  return accessor(object, name, 'set');
}
