import type { ReportEvent } from '../report/events.ts';
import type { CampaignPlan } from '../run/plan.ts';
import type { TicketResult } from '../run/ticket.ts';

/** The events that a finished ticket gives: what it found, then that it is done. */
export function ticketEvents(result: TicketResult, plan: CampaignPlan): ReportEvent[] {
  const subject = plan.targets[result.targetIndex]!;
  const { operations, failedRuns } = result;
  return [
    ...result.violations.map(({ run, violation }): ReportEvent => {
      const { property, message } = violation;
      return { event: 'violation', subject, property, message, run };
    }),
    { event: 'progress', subject, runs: result.runs, operations, failedRuns },
  ];
}
