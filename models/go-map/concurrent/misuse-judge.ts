/** Judges runs in which a map is misused: is it noticed, wherever Go notices it? */
import {
  callersNotice,
  writersNotice,
  type NoticeFacts,
} from '../../../properties/go-map/concurrent.ts';
import type { CheckedProperty } from '../../../properties/go-map/checked-property.ts';
import type { Execution, ExecutionJudge, Judgement } from '../../../src/core/explore/report.ts';
import type { CallRecord, FlagRecord } from './flag-record.ts';

const CONCURRENT_WRITES = 'concurrent map writes';

/** Go's fatal errors, by the call that finds a write under way. */
const DUE: Readonly<Record<string, string>> = {
  get: 'concurrent map read and map write',
  has: 'concurrent map read and map write',
  next: 'concurrent map iteration and map write',
  set: CONCURRENT_WRITES,
  delete: CONCURRENT_WRITES,
  clear: CONCURRENT_WRITES,
};

/** What the runs of one program came to, beside failures: a rule that is never asked shows nothing. */
export interface AskedCounts {
  /** Runs in which a call lay within the time that another caller's mark stood. */
  underMark: number;
  /** Runs in which two writes marked the map before either looked at its mark again, and no change was lost. */
  overlaps: number;
  /** Runs in which two writes did so, and a change of the flags was lost. */
  lost: number;
}

/** Judges what a record has of a run. */
export class MisuseJudge implements ExecutionJudge {
  readonly asked: AskedCounts = { underMark: 0, overlaps: 0, lost: 0 };
  readonly #record: FlagRecord;

  constructor(record: FlagRecord) {
    this.#record = record;
  }

  judge({ ending }: Execution): Judgement | null {
    if (ending !== 'complete') return null;
    const notices = this.#record.calls.map((call) => this.#noticeOf(call));
    if (notices.some(({ isUnderMark }) => isUnderMark)) this.asked.underMark++;
    const unnoticed = notices.find((facts) => !callersNotice.holds(facts));
    return unnoticed === undefined ? this.#judgeWriters() : judgement(callersNotice, unnoticed);
  }

  #noticeOf(call: CallRecord): NoticeFacts {
    const { name, isMarkedBefore, isMarkedAfter, hasReturned, foundEmpty, thrown } = call;
    const isMarked = isMarkedBefore && (hasReturned ? isMarkedAfter : thrown !== null);
    const isUnderMark = isMarked && !this.#record.isChangedDuring(call);
    return { call: shown(call), due: DUE[name]!, isUnderMark, foundEmpty, thrown };
  }

  #judgeWriters(): Judgement | null {
    const record = this.#record;
    const writes = record.calls.filter(({ name }) => DUE[name] === CONCURRENT_WRITES);
    const [one, other] = writes;
    if (one === undefined || other === undefined || writes.length > 2) return null;
    if (one.thread === other.thread) return null;
    const marks = [record.markOf(one), record.markOf(other)];
    const looks = [record.lookOf(one), record.lookOf(other)].filter((look) => look >= 0);
    const isOverlap = !marks.includes(-1) && Math.max(...marks) < Math.min(Infinity, ...looks);
    const isChangeLost = record.isChangeLost();
    if (isOverlap) this.asked[isChangeLost ? 'lost' : 'overlaps']++;
    const facts = {
      calls: [shown(one), shown(other)] as const,
      isOverlap,
      isChangeLost,
      returned: [one.hasReturned, other.hasReturned] as const,
    };
    return writersNotice.holds(facts) ? null : judgement(writersNotice, facts);
  }
}

function shown({ thread, text }: CallRecord): string {
  return `T${thread + 1}'s ${text}`;
}

function judgement<Facts>(property: CheckedProperty<Facts>, facts: Facts): Judgement {
  const { message, expected, actual } = property.explain(facts);
  return {
    kind: 'invariant',
    property: property.name,
    message,
    details: [`expected  ${expected}`, `actual    ${actual}`],
  };
}
