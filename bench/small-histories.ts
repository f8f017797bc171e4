/** How many small histories are judged in a second, as explorers ask it: `node dist/bench/small-histories.js --help`. */
import {
  OP_COMPARE_AND_SWAP,
  OP_LOAD,
  OP_LOAD_AND_DELETE,
  OP_LOAD_OR_STORE,
  OP_STORE,
  OP_SWAP,
} from '../src/core/check/linearize/history.ts';
import { SmallMapHistory } from '../src/core/check/linearize/small/small-map-history.ts';
import { createIntegers, type Integers } from '../src/random/integers.ts';
import { deriveState, expandSeed } from '../src/random/seed.ts';
import type { Clock } from './harness/clock.ts';
import { openClock } from './harness/clock.ts';
import type { Benchmark } from './harness/command-line.ts';
import { parseOptions, runIfMain } from './harness/command-line.ts';
import { median } from './harness/statistics.ts';
import { markdownTable } from './report/markdown.ts';

const OPTIONS = {
  rounds: { kind: 'text', default: '15', help: 'rounds; the median counts' },
  quick: { kind: 'flag', help: 'three rounds' },
} as const;

/** Operations of one history. */
const COUNTS = [3, 4, 6, 8];
/** Different histories of each count. */
const HISTORIES = 512;
/** Judgements of each history in one round. */
const REPEATS = 64;
const THREADS = 3;
const OPERATIONS = [
  OP_LOAD,
  OP_LOAD,
  OP_STORE,
  OP_SWAP,
  OP_LOAD_OR_STORE,
  OP_LOAD_AND_DELETE,
  OP_COMPARE_AND_SWAP,
];

/** One operation: what is called, and what came back. */
interface Call {
  readonly op: number;
  readonly key: number;
  readonly argument: number;
  readonly old: number;
  result: number | undefined;
  flag: boolean;
}

/** Calls by number; each number stands twice in `events`, for its call and its return. */
interface Recording {
  readonly calls: readonly Call[];
  readonly events: readonly number[];
}

/** The benchmark. */
export const smallHistoriesBenchmark: Benchmark = {
  name: 'small-histories',
  title: 'Verdicts on histories of a few operations, as an explorer asks for them. Ten seconds.',
  options: OPTIONS,
  run(args, output) {
    const options = parseOptions(args, OPTIONS);
    const rounds = options.quick ? 3 : Number(options.rounds);
    const clock = openClock();
    const rows = COUNTS.map((count) => {
      const row = measureCount(count, rounds, clock);
      output.err(`small-histories: ${row.join(' | ')}\n`);
      return row;
    });
    const header = [
      'operations',
      'linearizable',
      'verdicts a second',
      'recorded and judged a second',
    ];
    const markdown = [
      `${HISTORIES} random histories of each length, three threads on two keys, by one thread of processor time: the median of ${rounds} rounds. An explorer records an execution once and judges it in each real-time order that it admits.`,
      '',
      markdownTable(header, rows),
    ].join('\n');
    return Promise.resolve({ markdown, aims: [] });
  },
};

function measureCount(count: number, rounds: number, clock: Clock): string[] {
  const state = expandSeed('small histories', `${count}`);
  const recordings = Array.from({ length: HISTORIES }, (_, index) =>
    drawRecording(createIntegers(deriveState(state, index)), count),
  );
  const histories = recordings.map((recording) => record(new SmallMapHistory(), recording));
  const legal = histories.filter((history) => history.isLinearizable()).length;
  const one = new SmallMapHistory();
  const judged: number[] = [];
  const recorded: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const start = clock.now();
    let found = 0;
    for (const history of histories) {
      for (let i = 0; i < REPEATS; i++) if (history.isLinearizable()) found++;
    }
    const middle = clock.now();
    for (let i = 0; i < REPEATS; i++) {
      for (const recording of recordings) if (record(one, recording).isLinearizable()) found++;
    }
    const end = clock.now();
    if (found !== 2 * REPEATS * legal) throw new Error('verdicts differ between rounds');
    // The first round is for the compiler.
    if (round < 0) continue;
    judged.push(middle - start);
    recorded.push(end - middle);
  }
  return [
    `${count}`,
    `${Math.round((100 * legal) / HISTORIES)} %`,
    perSecond(judged),
    perSecond(recorded),
  ];
}

function perSecond(nanoseconds: readonly number[]): string {
  const verdicts = (HISTORIES * REPEATS * 1e9) / median(nanoseconds);
  return `${(verdicts / 1e6).toFixed(1)} million`;
}

function record(history: SmallMapHistory, { calls, events }: Recording): SmallMapHistory {
  history.reset();
  let open = 0;
  for (const number of events) {
    const { op, key, argument, old, result, flag } = calls[number]!;
    const bit = 1 << number;
    // Calls come in the order of their numbers.
    if ((open & bit) === 0) history.call(op, key, argument, old);
    else history.ret(number, result, flag);
    open ^= bit;
  }
  return history;
}

/** A history of a correct map; in every second, one result is another than it was. */
function drawRecording(draw: Integers, count: number): Recording {
  const calls: Call[] = [];
  const events: number[] = [];
  const map = new Map<number, number>();
  const open: number[] = [];
  while (calls.length < count || open.length > 0) {
    const begins = calls.length < count && open.length < THREADS && draw.below(2) === 0;
    if (!begins && open.length === 0) continue;
    const number = begins ? calls.length : open.splice(draw.below(open.length), 1)[0]!;
    events.push(number);
    if (begins) {
      open.push(number);
      calls.push(drawCall(draw, number));
    } else act(map, calls[number]!);
  }
  const spoilt = calls[draw.below(count)]!;
  if (draw.below(2) === 0) spoilt.result = (spoilt.result ?? 0) === 1 ? 2 : 1;
  return { calls, events };
}

function drawCall(draw: Integers, number: number): Call {
  return {
    op: OPERATIONS[draw.below(OPERATIONS.length)]!,
    key: draw.below(2),
    argument: number + 1,
    old: 1 + draw.below(number + 1),
    result: undefined,
    flag: false,
  };
}

/** What the operation does as it returns. */
function act(map: Map<number, number>, call: Call): void {
  const { op, key, argument, old } = call;
  const found = map.get(key);
  call.result = found;
  call.flag = found !== undefined;
  if (op === OP_LOAD) return;
  if (op === OP_LOAD_AND_DELETE) {
    map.delete(key);
    return;
  }
  if (op === OP_COMPARE_AND_SWAP) {
    call.flag = found === old;
    if (!call.flag) return;
  }
  if (op === OP_LOAD_OR_STORE) {
    if (call.flag) return;
    call.result = argument;
  }
  map.set(key, argument);
}

await runIfMain(import.meta.url, smallHistoriesBenchmark);
