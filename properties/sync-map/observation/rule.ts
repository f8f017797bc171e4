/** How the rules of sync.Map are stated and what they are given. */
import type { OperationName, Place, SyncMapRules } from '../../../models/sync-map/rules.ts';
import { isObjectToken, showValue } from '../../../models/value-token.ts';
import type { Property } from '../../../src/core/property.ts';
import type { RunHistory } from './history.ts';
import type { Moment } from './moment.ts';

/** The parts of a run between which the state is looked at: the operations, and Range in two. */
export type Stage = Exclude<OperationName, 'range'> | 'rangeStart' | 'rangeEnd';

/** One operation with the states around it. */
export interface Transition {
  readonly stage: Stage;
  readonly key: unknown;
  /** Where the key was before. */
  readonly place: Place;
  /** What the boolean part of the result must be; `false` where there is none. */
  readonly expectedFlag: boolean;
  readonly before: Moment;
  readonly after: Moment;
  /** How often the mutex was taken. */
  readonly lockCount: number;
  /** The keys with their values, as the spec has them. */
  readonly contents: ReadonlyMap<unknown, unknown>;
  readonly rules: SyncMapRules;
  readonly history: RunHistory;
}

/** How a rule was broken. */
export interface Fault {
  readonly message: string;
  readonly expected: string;
  readonly actual: string;
  /** The known defect whose exact mechanism this is. */
  readonly known?: string;
}

/** A property that is checked after each operation. */
export interface TransitionRule extends Property {
  /** Whether the profile promises it. Absent: all do. */
  readonly appliesTo?: (rules: SyncMapRules) => boolean;
  readonly check: (transition: Transition) => Fault | null;
}

/** Writes a key as a person would. */
export function showKey(key: unknown): string {
  return typeof key === 'object' && key !== null && !isObjectToken(key) ? 'NaN' : showValue(key);
}

/** The name of a stage in messages. */
export function showStage(stage: Stage): string {
  if (stage === 'rangeStart') return 'the start of range';
  return stage === 'rangeEnd' ? 'the rest of range' : stage;
}
