/**
 * Measures a cell in several processes, one after the other, and pools their rounds.
 *
 * V8 decides while a program runs what to inline and when to optimise. Now and then it decides badly and keeps to it: one
 * process in five or so runs an engine at half its speed from beginning to end. Rounds of one process cannot show that.
 * The engines begin in another order in each process, so that it hits no engine more than another.
 */
import type { CellRequest, CellResult } from './cell.ts';
import { askChild } from './child-process.ts';
import type { Operation } from './loops.ts';
import { median } from './statistics.ts';

/** How one engine does beside its peer in one operation. */
export interface Pooled {
  readonly engine: string;
  readonly operation: Operation;
  /** Median over the rounds of all processes, for one key or entry. */
  readonly nanoseconds: number;
  /** The peer's time divided by the engine's in the same round, process by process. Above 1: faster than the peer. */
  readonly ratios: readonly (readonly number[])[];
}

/** Runs the processes. `request.rounds` are those of each. */
export async function askProcesses(
  request: CellRequest,
  processCount: number,
): Promise<CellResult[]> {
  const results: CellResult[] = [];
  const { engines } = request;
  for (let process = 0; process < processCount; process++) {
    const first = process % engines.length;
    const rotated = [...engines.slice(first), ...engines.slice(0, first)];
    results.push(await askChild<CellResult>('maps', { ...request, engines: rotated }));
  }
  return results;
}

/** Pools what processes measured, in the order of operations and engines given. */
export function pool(
  results: readonly CellResult[],
  operations: readonly Operation[],
  engines: readonly string[],
  peer: string,
): Pooled[] {
  return operations.flatMap((operation) =>
    engines.flatMap((engine) => {
      const processes = results.map(({ times }) => {
        const find = (name: string): readonly number[] =>
          times.find((row) => row.engine === name && row.operation === operation)?.nanoseconds ??
          [];
        return { own: find(engine), peers: find(peer) };
      });
      const all = processes.flatMap(({ own }) => own);
      if (all.length === 0) return [];
      const ratios = processes.map(({ own, peers }) =>
        own.map((time, round) => peers[round]! / time),
      );
      return [{ engine, operation, nanoseconds: median(all), ratios }];
    }),
  );
}
