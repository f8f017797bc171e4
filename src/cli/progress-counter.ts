import type { Target } from '../core/target.ts';
import { StatusLine } from '../report/status-line.ts';
import type { CampaignPlan } from '../run/plan.ts';
import type { TicketResult } from '../run/ticket.ts';
import type { Terminal } from './terminal.ts';

/** Adds up what tickets bring and shows it on the status line. */
export class ProgressCounter {
  readonly #line: StatusLine;
  readonly #runsTotal: number | null;
  readonly #branchesTotal: number;
  readonly #reached = new Set<string>();
  #runs = 0;
  #operations = 0;
  #failures = 0;

  constructor(plan: CampaignPlan, targets: readonly Target[], terminal: Terminal) {
    this.#line = new StatusLine(terminal.stderr, terminal.now, terminal.isCi);
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
      runs: this.#runs,
      runsTotal: this.#runsTotal,
      operations: this.#operations,
      failures: this.#failures,
      branchesReached: this.#reached.size,
      branchesTotal: this.#branchesTotal,
    });
  }

  clear(): void {
    this.#line.clear();
  }
}
