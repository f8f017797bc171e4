/** Operations, and programs of them, for property tests. */
import { STEP } from '../instrument/runtime/symbol.ts';
import { array, constant, oneof, record, tuple, type Arbitrary } from 'fast-check';

/** One call: a method's name and what it is given. */
export interface Call<Name extends string = string> {
  readonly op: Name;
  readonly args: readonly unknown[];
}

/** The methods to call: for each, the arbitraries of its arguments. */
export type Methods = Readonly<Record<string, readonly Arbitrary<unknown>[]>>;

/**
 * Calls of the methods named, all of them equally likely.
 *
 * Shrinks towards the method named first, and its simplest arguments.
 *
 * @example
 * const calls = operations({ get: [fc.constantFrom('a', 'b')], set: [fc.constantFrom('a', 'b'), fc.nat(9)] });
 */
export function operations<Named extends Methods>(
  methods: Named,
): Arbitrary<Call<keyof Named & string>> {
  const calls = Object.entries(methods).map(([op, args]) =>
    record({ op: constant(op), args: tuple(...args) }),
  );
  return oneof({ withCrossShrink: true }, ...calls) as Arbitrary<Call<keyof Named & string>>;
}

/** Methods of a map that `mapOperations` calls. */
export type MapMethod = 'get' | 'has' | 'set' | 'delete' | 'clear';

/** Calls of the methods that maps have in common, by keys and values from the given arbitraries. */
export function mapOperations<Key, Value>(
  keys: Arbitrary<Key>,
  values: Arbitrary<Value>,
): Arbitrary<Call<MapMethod>> {
  return operations({ get: [keys], has: [keys], set: [keys, values], delete: [keys], clear: [] });
}

/** How large programs are. */
export interface ProgramSize {
  /** 2 unless given. */
  readonly threads?: number;
  /** Operations of a thread at most; 3 unless given. */
  readonly operationsMax?: number;
}

/**
 * Programs: for each thread, the operations it runs one after another.
 *
 * Shape: `threads` lists of 0 to `operationsMax` operations. Shrinks to fewer and simpler operations.
 */
export function programs<Operation>(
  operation: Arbitrary<Operation>,
  { threads = 2, operationsMax = 3 }: ProgramSize = {},
): Arbitrary<Operation[][]> {
  const thread = array(operation, { maxLength: operationsMax });
  return array(thread, { minLength: threads, maxLength: threads });
}

/**
 * Makes a call on an object; within a program's thread, in steps.
 *
 * @throws TypeError if the object has no such method, and whatever the method throws.
 */
export function applyCall(target: object, call: Call): unknown {
  return methodOf(target, call).apply(target, [...call.args]);
}

type Method = (this: unknown, ...args: unknown[]) => unknown;
type SteppedMethod = (this: unknown, ...args: unknown[]) => Generator<number, unknown, unknown>;

function methodOf(target: object, { op }: Call): Method & { readonly [STEP]?: SteppedMethod } {
  const method = (target as Readonly<Record<string, unknown>>)[op];
  if (typeof method !== 'function') throw new TypeError(`there is no method ${op}`);
  return method as Method;
}

/** What stepped code calls in the place of `applyCall`: a plain function could not be interrupted. */
function* applyCallSteps(target: object, call: Call): Generator<number, unknown, unknown> {
  const method = methodOf(target, call);
  const stepped = method[STEP];
  if (stepped === undefined) return method.apply(target, [...call.args]);
  return yield* stepped.apply(target, [...call.args]);
}

Object.defineProperty(applyCall, STEP, { value: applyCallSteps });
