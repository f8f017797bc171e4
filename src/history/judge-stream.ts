/** Judges the histories of a byte stream while it is read. */
import { DEFAULT_BUDGET, type Budget } from '../core/check/linearize/budget.ts';
import { judgeBy, type Condition } from '../core/check/linearize/conditions/condition.ts';
import { contractsOf, type Contracts } from '../core/check/linearize/contracts.ts';
import type { History } from '../core/check/linearize/history.ts';
import type { HistoryVerdict, JudgeOptions, Judgement } from '../core/check/linearize/judge.ts';
import type { HistoryBuilder } from './builder.ts';
import type { HistoryHeader } from './header.ts';
import { HistoryScanner, type ScannedHistory } from './scanner.ts';
import { compact, dropReturned, type Compaction } from './window.ts';

/** Operations that stand in memory before anything is dropped. */
export const WINDOW_OPERATIONS: number = 1 << 17;

/** The verdict on one history of a file. */
export interface HistoryReport<Explanation> {
  readonly file: string;
  readonly header: HistoryHeader;
  readonly verdict: HistoryVerdict;
  /** What decided. */
  readonly algorithm: string;
  readonly operations: number;
  readonly keys: number;
  readonly nodeCount: number;
  readonly elapsedMs: number;
  /** Differences between what the header announced and what was there. */
  readonly notes: readonly string[];
  /** Why, for a history that is not linearizable. */
  readonly explanation: Explanation | null;
}

export interface JudgeStreamOptions<Explanation> {
  readonly file: string;
  readonly condition: Condition;
  readonly judging: Omit<JudgeOptions, 'contracts'>;
  /** Promises of operations that overrule those of a header; see `PROMISES`. */
  readonly promises?: Readonly<Record<string, string>>;
  /** Makes the budget of each judgement, for budgets that begin with it; that of `judging` unless given. */
  readonly makeBudget?: () => Budget;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Operations that stand in memory before anything is dropped; {@link WINDOW_OPERATIONS} unless given. */
  readonly windowOperations?: number;
  readonly explain: (
    history: History,
    judgement: Judgement,
    contracts: Contracts,
  ) => Explanation | null;
  readonly onReport: (report: HistoryReport<Explanation>) => void;
}

interface Outcome<Explanation> {
  readonly judgement: Judgement;
  readonly explanation: Explanation | null;
}

/** Takes the bytes of one file and reports each history as soon as its last line is read. */
export class JudgeStream<Explanation> {
  readonly #options: JudgeStreamOptions<Explanation>;
  readonly #scanner: HistoryScanner;
  /** A verdict on dropped operations that what follows cannot better. */
  #early: Outcome<Explanation> | null = null;
  #elapsedMs = 0;
  #nodeCount = 0;

  constructor(options: JudgeStreamOptions<Explanation>) {
    this.#options = options;
    // Only linearizability lets go of the past: the other conditions look at the whole history.
    const isWindowed = options.condition === 'linearizable';
    this.#scanner = new HistoryScanner({
      file: options.file,
      onHistory: (scanned) => this.#report(scanned),
      ...(isWindowed
        ? {
            window: {
              operations: options.windowOperations ?? WINDOW_OPERATIONS,
              onFull: (scanned, builder) => this.#shrink(scanned, builder),
            },
          }
        : {}),
    });
  }

  /** Reads the next bytes. @throws UsageError with file and line. */
  push(chunk: Uint8Array): void {
    this.#scanner.push(chunk);
  }

  /** Ends the stream. @throws UsageError with file and line. */
  end(): void {
    this.#scanner.end();
  }

  /** Operations that stand in memory. */
  get rowCount(): number {
    return this.#scanner.current()?.history.operationCount ?? 0;
  }

  /** The verdict on the history that is being read, so far; `null` before its header. Open operations may still act. */
  verdictSoFar(): HistoryReport<Explanation> | null {
    const scanned = this.#scanner.current();
    if (scanned === null) return null;
    const outcome = this.#early ?? this.#judge(scanned);
    if (outcome.judgement.verdict === 'not-linearizable') this.#early = outcome;
    return this.#reportOf(scanned, outcome);
  }

  #shrink(scanned: ScannedHistory, builder: HistoryBuilder): Compaction | null {
    if (scanned.header.hasUniqueValues) return null;
    if (this.#early?.judgement.verdict !== 'not-linearizable') {
      const outcome = this.#judge(scanned);
      if (outcome.judgement.verdict !== 'linearizable') this.#early = outcome;
    }
    const isLost = this.#early?.judgement.verdict === 'not-linearizable';
    return isLost ? dropReturned(builder) : compact(builder);
  }

  #report(scanned: ScannedHistory): void {
    let outcome = this.#early;
    if (outcome === null || outcome.judgement.verdict === 'inconclusive') {
      const last = this.#judge(scanned);
      if (outcome === null || last.judgement.verdict === 'not-linearizable') outcome = last;
    }
    this.#options.onReport(this.#reportOf(scanned, outcome));
    this.#early = null;
    this.#elapsedMs = 0;
    this.#nodeCount = 0;
  }

  #judge({ history, header }: ScannedHistory): Outcome<Explanation> {
    const { condition, judging, promises, makeBudget, explain, now } = this.#options;
    const contracts = contractsOf({ ...header.promises, ...promises });
    const startMs = now();
    const budget = makeBudget?.() ?? judging.budget ?? DEFAULT_BUDGET;
    const options = { ...judging, contracts, budget };
    const judgement = judgeBy(condition, history, options);
    this.#elapsedMs += now() - startMs;
    this.#nodeCount += judgement.nodeCount;
    const isNo = judgement.verdict === 'not-linearizable';
    return { judgement, explanation: isNo ? explain(history, judgement, contracts) : null };
  }

  #reportOf(scanned: ScannedHistory, outcome: Outcome<Explanation>): HistoryReport<Explanation> {
    const { header, history, droppedCount } = scanned;
    const operations = droppedCount + history.operationCount;
    const announced = header.operations;
    const { verdict } = outcome.judgement;
    const notes: string[] = [];
    if (announced !== null && announced !== operations) {
      notes.push(`The header announces ${announced} operations, the file has ${operations}.`);
    }
    if (header.expected !== null && verdict !== header.expected && verdict !== 'inconclusive') {
      notes.push(`The header expects ${header.expected}.`);
    }
    return {
      file: this.#options.file,
      header,
      verdict: outcome.judgement.verdict,
      algorithm: outcome.judgement.algorithm,
      operations,
      keys: history.keyCount,
      nodeCount: this.#nodeCount,
      elapsedMs: this.#elapsedMs,
      notes,
      explanation: outcome.explanation,
    };
  }
}
