/** Smaller programs of several threads, for shrinking. */
import type { Operation, Program } from '../../../src/core/program.ts';
import { concurrentProgram, startOf } from './program.ts';

type Threads = readonly (readonly Operation[])[];

/** Programs with less in them, those with much less first: a thread, an operation of one, an operation of the start. */
export function* smallerPrograms(program: Program): Generator<Program> {
  const { threads } = program;
  const start = startOf(program);
  if (threads.length > 1) {
    for (const t of threads.keys()) yield concurrentProgram(start, without(threads, t));
  }
  for (const [t, operations] of threads.entries()) {
    if (operations.length < 2) continue;
    for (const i of operations.keys()) {
      yield concurrentProgram(start, threads.with(t, without(operations, i)));
    }
  }
  for (const i of start.keys()) yield concurrentProgram(without(start, i), threads);
  for (const simpler of withOneKey(start, threads)) yield simpler;
}

/** With a key turned into another one that occurs: fewer keys are easier to follow. */
function* withOneKey(start: readonly Operation[], threads: Threads): Generator<Program> {
  const all = [start, ...threads].flat();
  const keys = [...new Set(all.flatMap(({ k }) => (k === undefined ? [] : [k])))];
  for (const from of keys.slice(1)) {
    const turned = (operation: Operation): Operation =>
      operation['k'] === from ? { ...operation, k: keys[0]! } : operation;
    yield concurrentProgram(
      start.map(turned),
      threads.map((operations) => operations.map(turned)),
    );
  }
}

function without<T>(list: readonly T[], index: number): T[] {
  return list.filter((_, i) => i !== index);
}
