/** The threads of a program as generators over the steppable engine. */
import {
  KIND_MASK,
  registers,
  UNLOCK,
  type StepResult,
  type ThreadRun,
} from '../../../src/core/step.ts';
import type { Form } from '../../../src/instrument/runtime/native-calls.ts';
import type { EngineMap, SteppedEngine } from './engine.ts';
import type { PlannedOperation } from './program.ts';
import type { OperationRecord } from './record.ts';

/** Is told of the steps of operations as they happen. */
export interface StepWatcher {
  /** An operation begins. */
  began(thread: number, operation: PlannedOperation): void;
  /** A thread has announced that it gives the mutex back; what it did under it is done. */
  leaving(thread: number): void;
  /** The step that was announced is taken now, on this atomic object. */
  resumed(code: number, target: unknown): void;
  /** It has been taken. */
  taken(thread: number, code: number, target: unknown): void;
  /** An operation has returned. */
  ended(record: OperationRecord): void;
}

/** Runs the operations of one thread and records what they do. */
export function* runThread(
  engine: SteppedEngine,
  map: EngineMap,
  operations: readonly PlannedOperation[],
  records: readonly OperationRecord[],
  watcher: StepWatcher | null,
): ThreadRun {
  for (let index = 0; index < operations.length; index++) {
    const operation = operations[index]!;
    const record = records[index]!;
    record.before = registers.eventCount;
    const steps = stepsOf(engine, map, operation, record);
    if (watcher === null) note(record, operation, yield* steps);
    else note(record, operation, yield* watched(steps, record.thread, operation, watcher));
    record.upTo = registers.eventCount;
    record.hasReturned = true;
    watcher?.ended(record);
  }
  return undefined;
}

function* watched(
  steps: ThreadRun,
  thread: number,
  operation: PlannedOperation,
  watcher: StepWatcher,
): ThreadRun {
  watcher.began(thread, operation);
  let next = steps.next();
  while (next.done !== true) {
    const code = next.value;
    const { target } = registers;
    if ((code & KIND_MASK) === UNLOCK) watcher.leaving(thread);
    const result: StepResult = yield code;
    watcher.resumed(code, target);
    next = steps.next(result);
    watcher.taken(thread, code, target);
  }
  return next.value;
}

function stepsOf(
  engine: SteppedEngine,
  map: EngineMap,
  { name, call, stop }: PlannedOperation,
  record: OperationRecord,
): ThreadRun {
  const form = engine.forms[name] as Form;
  switch (name) {
    case 'load':
    case 'loadAndDelete':
    case 'delete':
      return form.call(map, call.key);
    case 'store':
    case 'swap':
    case 'loadOrStore':
      return form.call(map, call.key, call.value);
    case 'compareAndSwap':
      return form.call(map, call.key, call.old, call.value);
    case 'compareAndDelete':
      return form.call(map, call.key, call.old);
    case 'clear':
      return form.call(map);
    case 'range':
      return form.call(map, (key: unknown, value: unknown) => {
        record.rangeKeys.push(key);
        record.rangeValues.push(value);
        return record.rangeKeys.length < stop;
      });
  }
}

/** Every result that has a value and a boolean, whatever they are called. */
interface AnyResult {
  readonly value?: unknown;
  readonly actual?: unknown;
  readonly previous?: unknown;
  readonly ok?: boolean;
  readonly loaded?: boolean;
}

function note(record: OperationRecord, { name }: PlannedOperation, returned: unknown): void {
  const result = returned as AnyResult;
  switch (name) {
    case 'load':
      record.value = result.value;
      record.flag = result.ok!;
      return;
    case 'loadAndDelete':
      record.value = result.value;
      record.flag = result.loaded!;
      return;
    case 'loadOrStore':
      record.value = result.actual;
      record.flag = result.loaded!;
      return;
    case 'swap':
      record.value = result.previous;
      record.flag = result.loaded!;
      return;
    default:
      record.value = undefined;
      record.flag = returned === true;
  }
}
