/** What the state that threads share must look like for a proof of confinement to apply to it. */

/** How far the proof goes: not at all, for programs whose set-up returns a view, or a flat record of views too. */
export type Confinement = 'none' | 'view' | 'record';

/** The lesser of two. */
export function weaker(left: Confinement, right: Confinement): Confinement {
  const order: readonly Confinement[] = ['none', 'view', 'record'];
  return order.find((confinement) => confinement === left || confinement === right)!;
}

/** Whether what set-up returned is a view of shared memory or, at most, a record of such views and of primitives. */
export function isFlat(shared: unknown, confinement: Confinement): boolean {
  if (isView(shared)) return confinement !== 'none';
  if (confinement !== 'record' || typeof shared !== 'object' || shared === null) return false;
  const prototype = Object.getPrototypeOf(shared) as unknown;
  if (prototype !== Object.prototype && prototype !== Array.prototype) return false;
  return Reflect.ownKeys(shared).every((key) => {
    const member = Object.getOwnPropertyDescriptor(shared, key)!;
    return 'value' in member && (isView(member.value) || isPrimitive(member.value));
  });
}

function isView(value: unknown): boolean {
  return value instanceof Int32Array && value.buffer instanceof SharedArrayBuffer;
}

function isPrimitive(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && typeof value !== 'function');
}
