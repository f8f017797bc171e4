/** The worker thread: does the ticket it was born for, if any, then takes tickets until there are none or it is to stop. */
import { parentPort, workerData } from 'node:worker_threads';
import type { NoReturn } from '../core/termination.ts';
import { beginRun, beginTicket, endTicket, isStopped, takePosition } from './control.ts';
import { interleaverOf, type Interleaver } from './interleaver.ts';
import { ticketAt, ticketOfShard } from './plan.ts';
import type { WorkerInput } from './pool.ts';
import { openProjectOf } from './project.ts';
import { selectTargets } from './select-targets.ts';
import { runTicket } from './ticket.ts';

const { plan, shard, control, slot, end, done, again } = workerData as WorkerInput;
const targets = selectTargets(plan.targets, await openProjectOf(plan.config));

const interleavers = new Map<number, Interleaver | null>();

// Nobody takes this for a hang: no run has begun.
for (const target of targets) target.prepare?.();
if (again !== null) await work(again.position, again.noReturn);
while (!isStopped(control)) {
  const position = takePosition(control);
  if (end >= 0 && position >= end) break;
  if (!done.has(position)) await work(position, new Map());
}
// Timers or sockets that the checked code left open must not keep the thread, and with it the campaign, alive.
process.exit(0);

async function work(position: number, noReturn: ReadonlyMap<number, NoReturn>): Promise<void> {
  const index = ticketOfShard(shard, position);
  const ticket = ticketAt(plan, index);
  const interleave = await interleaverFor(ticket.targetIndex);
  beginTicket(control, slot, position);
  const result = runTicket(
    targets[ticket.targetIndex]!,
    plan.seed,
    index,
    ticket,
    plan.knownFails,
    { noReturn, interleave, onRun: (offset) => beginRun(control, slot, offset) },
  );
  parentPort!.postMessage(result);
  endTicket(control, slot);
}

/** Made when the first ticket of a target comes, for loading the steppable engine takes a moment. */
async function interleaverFor(targetIndex: number): Promise<Interleaver | null> {
  const known = interleavers.get(targetIndex);
  if (known !== undefined) return known;
  const made = await interleaverOf(targets[targetIndex]!, plan.seed);
  interleavers.set(targetIndex, made);
  return made;
}
