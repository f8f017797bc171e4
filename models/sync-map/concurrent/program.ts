/**
 * Programs of several threads on one sync.Map: plain JSON, as the programs of one thread are.
 *
 * `setup.start` lists the operations that bring the map into the state from which the threads begin. Each thread is a
 * list of operations with keys and values. A range visits everything, or stops after `stop` pairs.
 */
import type { Operation, Program } from '../../../src/core/program.ts';
import { TokenDecoder } from '../../value-token.ts';
import { decodeCall, perform, type Call } from '../check/calls.ts';
import type { OperationName } from '../rules.ts';
import { SyncMapSpec } from '../spec.ts';

/** The operations before all threads. */
export function startOf(program: Program): readonly Operation[] {
  return (program.setup['start'] ?? []) as unknown as readonly Operation[];
}

/** A program of these operations. */
export function concurrentProgram(
  start: readonly Operation[],
  threads: readonly (readonly Operation[])[],
): Program {
  const setup = { keys: 'sameValueZero', order: 'insertion', start: start as never };
  return { setup, draws: [], threads };
}

/** One operation of a thread, decoded. */
export interface PlannedOperation {
  readonly name: OperationName;
  readonly call: Call;
  /** Pairs after which a range stops. */
  readonly stop: number;
}

/** A program with everything decoded that every execution of it needs. */
export interface Plan {
  readonly start: readonly PlannedOperation[];
  readonly threads: readonly (readonly PlannedOperation[])[];
  /** Every key that occurs. */
  readonly keys: readonly unknown[];
  /** What the map contains when the threads begin. */
  readonly contents: ReadonlyMap<unknown, unknown>;
}

/** Decodes a program. */
export function planOf(program: Program): Plan {
  const decoder = new TokenDecoder();
  const decode = (operation: Operation): PlannedOperation => ({
    name: operation.op as OperationName,
    call: decodeCall(operation, decoder),
    stop: (operation['stop'] as number | undefined) ?? Number.POSITIVE_INFINITY,
  });
  const start = startOf(program).map(decode);
  const threads = program.threads.map((operations) => operations.map(decode));
  const keys = new Set<unknown>();
  for (const { name, call } of [start, ...threads].flat()) {
    if (name !== 'range' && name !== 'clear') keys.add(call.key);
  }
  const spec = new SyncMapSpec<unknown>(false);
  for (const { name, call } of start) if (name !== 'range') perform(spec, call);
  return { start, threads, keys: [...keys], contents: spec.contents };
}
