/** Proxies made by stepped modules: element accesses by way of their `get` and `set` traps take steps. */
import type { StepResult } from '../../core/step.ts';
import { callSteps, formOf } from './native-calls.ts';
import { unseen } from './native-reads.ts';

type Steps<T = unknown> = Generator<number, T, StepResult>;

interface Parts {
  readonly target: object;
  readonly handler: Readonly<Record<'get' | 'set', unknown>>;
}

const partsOf = new WeakMap<object, Parts>();
let hasProxies = false;

/**
 * What stepped modules construct instead of `Proxy`: the same proxy, whose handler is remembered.
 *
 * Natives call traps as plain functions, where a step is refused; so that element accesses need not go through them.
 */
export function TrackedProxy(target: object, handler: ProxyHandler<object>): object {
  const proxy = new Proxy(target, handler);
  partsOf.set(proxy, { target, handler: handler as Parts['handler'] });
  hasProxies = true;
  return proxy;
}

/** Whether an object is a proxy that a stepped module made. */
export function isTrapped(object: unknown): object is object {
  return hasProxies && typeof object === 'object' && object !== null && partsOf.has(object);
}

/** `proxy[key]`, in steps if its trap takes any. */
export function* trapGet(proxy: object, key: PropertyKey, point: number): Steps {
  const { target, handler } = partsOf.get(proxy)!;
  if (handler.get === undefined) unseen(target, point, 'by way of a Proxy without a get trap');
  if (formOf(handler.get) === undefined) return (proxy as Record<PropertyKey, unknown>)[key];
  return yield* callSteps(handler.get, handler, [target, propertyKey(key), proxy]);
}

/** `proxy[key] = value` in strict code, in steps if its trap takes any; gives the value. */
export function* trapSet(proxy: object, key: PropertyKey, value: unknown, point: number): Steps {
  const { target, handler } = partsOf.get(proxy)!;
  if (handler.set === undefined) unseen(target, point, 'by way of a Proxy without a set trap');
  if (formOf(handler.set) === undefined) {
    (proxy as Record<PropertyKey, unknown>)[key] = value;
    return value;
  }
  const args = [target, propertyKey(key), value, proxy];
  if (!(yield* callSteps(handler.set, handler, args))) {
    throw new TypeError(`'set' on proxy: trap returned falsish for property '${String(key)}'`);
  }
  return value;
}

function propertyKey(key: PropertyKey): string | symbol {
  return typeof key === 'symbol' ? key : String(key);
}
