import type { Target } from '../core/target.ts';
import type { StatusLine } from '../report/status-line.ts';
import type { CampaignPlan } from '../run/plan.ts';
import type { TicketResult } from '../run/ticket.ts';
import { statusLine, type Terminal } from './terminal.ts';

/** Adds up what tickets bring and shows it on the status line. */
export class ProgressCounter {
  readonly #line: StatusLine;
  readonly #now: () => number;
  readonly #endMs: number | null;
  readonly #runsTotal: number | null;
  readonly #branchesTotal: number;
  readonly #reached = new Set<string>();
  #runs = 0;
  #operations = 0;
  #failures = 0;

  /** `timeMs` is the length of a campaign that ends by the clock. */
  constructor(
    plan: CampaignPlan,
    targets: readonly Target[],
    terminal: Terminal,
    timeMs: number | null = null,
  ) {
    this.#line = statusLine(terminal);
    this.#now = terminal.now;
    this.#endMs = timeMs === null ? null : terminal.now() + timeMs;
    this.#runsTotal = plan.runs === null ? null : plan.runs * targets.length;
    this.#branchesTotal = targets.reduce((total, target) => total + target.coverage.length, 0);
  }

  add(result: TicketResult): void {
    this.#runs += result.runs;
    this.#operations += result.operations;
    this.#failures += result.failedRuns;
    for (const [key, count] of Object.entries(result.coverage)) {
      if (count > 0) this.#reached.add(`${result.targetIndex}/${key}`);
    }
    this.#line.update({
      done: this.#runs,
      unit: 'runs',
      ...(this.#runsTotal === null ? {} : { total: this.#runsTotal }),
      ...(this.#endMs === null ? {} : { leftMs: Math.max(0, this.#endMs - this.#now()) }),
      work: { count: this.#operations, unit: 'operations' },
      failures: this.#failures,
      branches: { reached: this.#reached.size, total: this.#branchesTotal },
    });
  }

  clear(): void {
    this.#line.clear();
  }
}
