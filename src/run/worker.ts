/** The worker thread: takes tickets until there are none, or it is told to stop. */
import { parentPort, workerData } from 'node:worker_threads';
import { NEXT_TICKET, STOP, type WorkerInput } from './pool.ts';
import { ticketAt } from './plan.ts';
import { openProjectOf } from './project.ts';
import { selectTargets } from './select-targets.ts';
import { runTicket } from './ticket.ts';

const { plan, control, ticketEnd } = workerData as WorkerInput;
const targets = selectTargets(plan.targets, await openProjectOf(plan.config));

while (Atomics.load(control, STOP) === 0) {
  const index = Atomics.add(control, NEXT_TICKET, 1);
  if (ticketEnd >= 0 && index >= ticketEnd) break;
  const ticket = ticketAt(plan, index);
  const target = targets[ticket.targetIndex]!;
  parentPort!.postMessage(runTicket(target, plan.seed, index, ticket, plan.knownFails));
}
