/**
 * Each rule is shown a transition that keeps it and one that breaks it, on states made by hand: the mutants of the
 * engine reach only some of the rules, and a rule that can never fail checks nothing.
 */
import { describe, expect, test } from 'vitest';
import { SYNC_MAP_RULES } from '../../models/sync-map/rules.ts';
import type { Place, ProfileName } from '../../models/sync-map/rules.ts';
import type { EntryKind, SyncMapView } from '../../src/engines/sync-map/index.ts';
import { RunHistory } from './observation/history.ts';
import { transitionRulesFor } from './index.ts';
import { Moment } from './observation/moment.ts';
import type { Stage, Transition, TransitionRule } from './observation/rule.ts';

class FakeEntry {
  constructor(kind: EntryKind, value?: number) {
    this.kind = kind;
    this.value = value;
  }
  kind: EntryKind;
  value: number | undefined;
}

const live = (value: number): FakeEntry => new FakeEntry('value', value);
const nil = (): FakeEntry => new FakeEntry('nil');
const expunged = (): FakeEntry => new FakeEntry('expunged');

type Entries = Record<string, FakeEntry>;

interface State {
  read?: Entries;
  dirty?: Entries | null;
  amended?: boolean;
  misses?: number;
  isLocked?: boolean;
}

const toMap = (entries: Entries): Map<unknown, FakeEntry> => new Map(Object.entries(entries));

function viewOf(state: State): SyncMapView<unknown, unknown> {
  const { read = {}, dirty = null, amended = dirty !== null, misses = 0, isLocked = false } = state;
  return {
    read: toMap(read),
    dirty: dirty === null ? null : toMap(dirty),
    amended,
    misses,
    isLocked,
  };
}

interface Around {
  stage: Stage;
  key?: string;
  place?: Place;
  flag?: boolean;
  locks?: number;
  profile?: ProfileName;
  contents?: Record<string, number>;
  history?: Partial<Pick<RunHistory, 'copyCount' | 'promotionCount'>>;
}

/** A transition between two views; `change` may alter entries and maps in between, as an engine would. */
function between(
  around: Around,
  before: SyncMapView<unknown, unknown>,
  after: (before: SyncMapView<unknown, unknown>) => SyncMapView<unknown, unknown>,
): Transition {
  const [first, second] = [new Moment(), new Moment()];
  first.capture(before);
  second.capture(after(before));
  const history = Object.assign(new RunHistory(), around.history);
  const transition: Transition = {
    stage: around.stage,
    key: around.key,
    place: around.place ?? 'absent',
    expectedFlag: around.flag ?? false,
    before: first,
    after: second,
    lockCount: around.locks ?? 0,
    contents: new Map(Object.entries(around.contents ?? {})),
    rules: SYNC_MAP_RULES[around.profile ?? 'go1.23'],
    history,
  };
  history.record(transition, transition.rules.knownLeak);
  return transition;
}

/** A state after which nothing happened. */
function still(state: State, around: Partial<Around> = {}): Transition {
  return between({ stage: 'rangeEnd', ...around }, viewOf(state), (view) => view);
}

/** From one state to another, no map kept. */
function step(around: Around, before: State, after: State): Transition {
  return between(around, viewOf(before), () => viewOf(after));
}

const RULES = new Map(
  transitionRulesFor(SYNC_MAP_RULES['go1.23']).map((rule) => [rule.name, rule]),
);

function ruleOf(name: string): TransitionRule {
  const rule = RULES.get(`sync-map.${name}`);
  expect(rule, `a rule named ${name}`).toBeDefined();
  return rule!;
}

const shared = live(1);
const sharedNil = nil();

/** Pairs of a transition that keeps the rule and one that breaks it. */
const CASES: Record<string, [keeps: () => Transition, breaks: () => Transition]> = {
  'amended-has-dirty': [() => still({ dirty: {} }), () => still({ amended: true })],
  'unamended-has-no-dirty': [
    () => still({ dirty: {}, amended: false }),
    () => still({ dirty: { a: live(1) }, amended: false }),
  ],
  'no-dirty-no-misses': [() => still({}), () => still({ misses: 1 })],
  'misses-need-amended': [
    () => still({ dirty: { a: live(1), b: live(1) }, misses: 1 }),
    () => still({ dirty: {}, amended: false, misses: 1 }),
  ],
  'misses-below-dirty': [
    () => still({ dirty: { a: live(1), b: live(1) }, misses: 1 }),
    () => still({ dirty: { a: live(1), b: live(1) }, misses: 2 }),
  ],
  'dirty-not-expunged': [
    () => still({ dirty: { a: nil() } }),
    () => still({ dirty: { a: expunged() } }),
  ],
  'live-read-in-dirty': [
    () => still({ read: { a: sharedNil, b: expunged() }, dirty: { a: sharedNil } }),
    () => still({ read: { a: nil() }, dirty: {} }),
  ],
  'expunged-not-in-dirty': [
    () => still({ read: { a: expunged() }, dirty: {} }),
    () => still({ read: { a: expunged() }, dirty: { a: live(1) } }),
  ],
  'expunged-needs-dirty': [
    () => still({ read: { a: expunged() }, dirty: {} }),
    () => still({ read: { a: expunged() } }),
  ],
  'shared-entry': [
    () => still({ read: { a: shared }, dirty: { a: shared } }),
    () => still({ read: { a: live(1) }, dirty: { a: live(1) } }),
  ],
  'visible-keys': [
    () => still({ read: { a: live(1), b: nil() } }, { contents: { a: 1 } }),
    () => still({ read: { a: live(1) } }, { contents: { a: 2 } }),
  ],
  'entry-transitions': [
    () =>
      between({ stage: 'store', key: 'b', locks: 1 }, viewOf({ read: { a: nil() } }), (view) => {
        (view.read.get('a') as FakeEntry).kind = 'expunged';
        return { ...viewOf({ dirty: { b: live(1) } }), read: view.read };
      }),
    () =>
      between(
        { stage: 'delete', key: 'a', place: 'readLive' },
        viewOf({ read: { a: live(1) } }),
        (view) => {
          (view.read.get('a') as FakeEntry).kind = 'expunged';
          return view;
        },
      ),
  ],
  'own-key-only': [
    () =>
      between(
        { stage: 'delete', key: 'a', place: 'readLive' },
        viewOf({ read: { a: live(1) } }),
        (view) => {
          (view.read.get('a') as FakeEntry).kind = 'nil';
          return view;
        },
      ),
    () =>
      between({ stage: 'delete', key: 'b' }, viewOf({ read: { a: live(1) } }), (view) => {
        (view.read.get('a') as FakeEntry).kind = 'nil';
        return view;
      }),
  ],
  'stable-entries': [
    () =>
      between(
        { stage: 'delete', key: 'a' },
        viewOf({ dirty: { a: live(1), b: live(2) } }),
        (view) => {
          (view.dirty as Map<unknown, FakeEntry>).delete('a');
          return view;
        },
      ),
    () =>
      between(
        { stage: 'store', key: 'b' },
        viewOf({ dirty: { a: live(1), b: live(2) } }),
        (view) => {
          (view.dirty as Map<unknown, FakeEntry>).delete('a');
          (view.dirty as Map<unknown, FakeEntry>).set('b', live(3));
          return view;
        },
      ),
  ],
  'departed-stay-expunged': [
    () =>
      between(
        { stage: 'load' },
        viewOf({ read: { a: expunged() }, dirty: { b: live(1) } }),
        (view) => ({
          ...viewOf({}),
          read: view.dirty!,
        }),
      ),
    () =>
      between(
        { stage: 'load' },
        viewOf({ read: { a: expunged() }, dirty: { b: live(1) } }),
        (view) => {
          (view.read.get('a') as FakeEntry).kind = 'value';
          return { ...viewOf({}), read: view.dirty! };
        },
      ),
  ],
  'dropped-not-in-read': [
    () => still({ read: { a: shared }, dirty: { a: shared } }),
    () =>
      between(
        { stage: 'delete', key: 'a' },
        viewOf({ read: { a: shared }, dirty: { a: shared } }),
        (view) => {
          (view.dirty as Map<unknown, FakeEntry>).delete('a');
          return view;
        },
      ),
  ],
  'snapshot-immutable': [
    () => still({ read: { a: live(1) } }),
    () =>
      between({ stage: 'store', key: 'a' }, viewOf({ read: { a: live(1) } }), (view) => {
        (view.read as Map<unknown, FakeEntry>).set('a', live(1));
        return view;
      }),
  ],
  'read-under-mutex': [
    () => step({ stage: 'clear', locks: 1 }, { read: { a: live(1) } }, {}),
    () => step({ stage: 'clear', locks: 0 }, { read: { a: live(1) } }, {}),
  ],
  'promotion-threshold': [
    () =>
      between({ stage: 'load', key: 'b' }, viewOf({ dirty: { a: live(1) } }), (view) => ({
        ...viewOf({}),
        read: view.dirty!,
      })),
    () =>
      between(
        { stage: 'load', key: 'b' },
        viewOf({ dirty: { a: live(1), b: live(1), c: live(1) } }),
        (view) => ({
          ...viewOf({}),
          read: view.dirty!,
        }),
      ),
  ],
  'miss-accounting': [
    () =>
      between(
        { stage: 'load', key: 'c' },
        viewOf({ dirty: { a: live(1), b: live(1) } }),
        (view) => ({
          ...view,
          misses: 1,
        }),
      ),
    () =>
      between(
        { stage: 'store', key: 'a', place: 'dirtyOnly' },
        viewOf({ dirty: { a: live(1), b: live(1) } }),
        (view) => ({
          ...view,
          misses: 1,
        }),
      ),
  ],
  'promotion-state': [
    () =>
      between({ stage: 'load' }, viewOf({ dirty: {} }), (view) => ({
        ...viewOf({}),
        read: view.dirty!,
      })),
    () =>
      between({ stage: 'load' }, viewOf({ dirty: {} }), (view) => ({
        ...viewOf({ misses: 1 }),
        read: view.dirty!,
      })),
  ],
  'range-promotes': [
    () =>
      between({ stage: 'rangeStart' }, viewOf({ dirty: {} }), (view) => ({
        ...viewOf({}),
        read: view.dirty!,
      })),
    () => still({ dirty: {} }, { stage: 'rangeStart' }),
  ],
  'first-new-key': [
    () =>
      between({ stage: 'store', key: 'b' }, viewOf({ read: { a: shared } }), (view) => ({
        ...viewOf({ dirty: { a: shared, b: live(2) } }),
        read: view.read,
      })),
    () =>
      between({ stage: 'store', key: 'b' }, viewOf({ read: { a: shared } }), (view) => ({
        ...viewOf({ dirty: { b: live(2) } }),
        read: view.read,
      })),
  ],
  'copy-drops-deleted': [
    () =>
      between({ stage: 'store', key: 'b' }, viewOf({ read: { a: expunged() } }), (view) => ({
        ...viewOf({ dirty: { b: live(2) } }),
        read: view.read,
      })),
    () =>
      between({ stage: 'store', key: 'b' }, viewOf({ read: { a: sharedNil } }), (view) => ({
        ...viewOf({ dirty: { a: sharedNil, b: live(2) } }),
        read: view.read,
      })),
  ],
  'copy-count': [
    () => still({}, { history: { copyCount: 3, promotionCount: 2 } }),
    () => still({}, { history: { copyCount: 3, promotionCount: 1 } }),
  ],
  'clear-state': [
    () => step({ stage: 'clear' }, {}, { dirty: {}, amended: false }),
    () => step({ stage: 'clear' }, {}, { dirty: { a: live(1) } }),
  ],
  'leak-bound': [
    () => still({ read: { a: sharedNil }, dirty: { a: sharedNil } }),
    () => still({ dirty: { a: nil() } }),
  ],
  unlocked: [() => still({}), () => still({ isLocked: true })],
  'lock-count': [
    () => still({ read: { a: live(1) } }, { stage: 'load', key: 'a', place: 'readLive' }),
    () => still({ read: { a: live(1) } }, { stage: 'load', key: 'a', place: 'readLive', locks: 1 }),
  ],
};

describe('each rule holds and fails where it should', () => {
  test('there is a case for each', () => {
    const named = [...RULES.keys()].map((name) => name.slice('sync-map.'.length));
    expect(Object.keys(CASES).toSorted()).toEqual(named.toSorted());
  });

  test.each(Object.entries(CASES))('%s', (name, [keeps, breaks]) => {
    const rule = ruleOf(name);
    expect(rule.check(keeps())).toBe(null);
    const fault = rule.check(breaks());
    expect(fault).not.toBe(null);
    expect(fault!.message).toMatch(/^[A-Za-z].*\.$/);
    expect(fault!.expected).not.toBe(fault!.actual);
    expect(fault!.known).toBe(undefined);
  });
});

describe('the leak that is known', () => {
  /** Key b, in dirty alone, is deleted by an operation that leaves its entry there. */
  function leak(stage: Stage, profile: ProfileName, flag = true): Transition {
    const before = viewOf({ dirty: { a: live(1), b: live(2), c: live(3) } });
    return between(
      { stage, key: 'b', place: 'dirtyOnly', flag, locks: 1, profile },
      before,
      (view) => {
        (view.dirty!.get('b') as FakeEntry).kind = 'nil';
        return { ...view, misses: 1 };
      },
    );
  }

  const rows: [stage: Stage, profile: ProfileName, flag: boolean, known: string | undefined][] = [
    ['compareAndDelete', 'go1.23', true, 'sync-map/compare-and-delete-leak'],
    ['compareAndDelete', 'go1.20', true, 'sync-map/compare-and-delete-leak'],
    ['compareAndDelete', 'corrected', true, undefined],
    ['compareAndDelete', 'go1.23', false, undefined],
    ['delete', 'go1.23', true, undefined],
    ['loadAndDelete', 'go1.20', true, undefined],
    ['delete', 'go1.15.0', false, 'sync-map/load-and-delete-leak'],
    ['loadAndDelete', 'go1.15.0', true, 'sync-map/load-and-delete-leak'],
    ['delete', 'go1.19', false, undefined],
  ];
  test.each(rows)('%s on %s, result %s: %s', (stage, profile, flag, known) => {
    const fault = ruleOf('leak-bound').check(leak(stage, profile, flag));
    expect(fault).not.toBe(null);
    expect(fault!.known).toBe(known);
  });

  test('is told once, and again when it has grown', () => {
    const rule = ruleOf('leak-bound');
    const first = leak('compareAndDelete', 'go1.23');
    expect(rule.check(first)!.known).toBeDefined();
    expect(rule.check(first)).toBe(null);
  });

  test('does not cover a second entry that it did not leave', () => {
    const rule = ruleOf('leak-bound');
    const transition = leak('compareAndDelete', 'go1.23');
    const other = transition.after.dirtyMap!.get('c') as FakeEntry;
    other.kind = 'nil';
    transition.after.kinds[2] = 'nil';
    expect(rule.check(transition)!.known).toBe(undefined);
  });
});
