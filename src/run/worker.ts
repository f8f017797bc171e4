/** A worker: does the ticket it was born for, if any, then takes tickets until there are none or it is to stop. */
import { syncMapProfileOf } from '../../models/sync-map/target.ts';
import type { Target } from '../core/target.ts';
import type { NoReturn } from '../core/termination.ts';
import { takePosition } from './control.ts';
import type { Interleaver } from './interleaver.ts';
import { ticketAt, ticketOfShard } from './plan.ts';
import type { WorkerInput, WorkerMessage } from './pool.ts';
import { openProjectOf } from './project.ts';
import { selectTargets } from './select-targets.ts';
import { runTicket } from './ticket.ts';
import { openPort } from './workers/worker-port.ts';

const { input, logbook, tell, ask } = openPort<WorkerInput, WorkerMessage>();
const { plan, shard, positions, control, again } = input;
const targets = selectTargets(plan.targets, await openProjectOf(plan.config));

const interleavers = new Map<number, Interleaver | null>();

// Nobody takes this for a hang: no run has begun.
for (const target of targets) target.prepare?.();
if (again !== null) await work(again.position, again.noReturn);
for (;;) {
  const position =
    control === null ? (ask({ kind: 'next' }) as number) : takePosition(control, positions);
  if (position < 0) break;
  await work(position, new Map());
}
// Timers or sockets that the checked code left open must not keep the worker, and with it the campaign, alive.
process.exit(0);

async function work(position: number, noReturn: ReadonlyMap<number, NoReturn>): Promise<void> {
  const index = ticketOfShard(shard, position);
  const ticket = ticketAt(plan, index);
  const interleave = await interleaverFor(ticket.targetIndex);
  logbook.beginTicket(position);
  const result = runTicket(
    targets[ticket.targetIndex]!,
    plan.seed,
    index,
    ticket,
    plan.knownFails,
    { noReturn, interleave, onRun: (offset, interleaves) => logbook.beginRun(offset, interleaves) },
  );
  tell({ kind: 'result', result });
  logbook.endTicket();
}

/** Made when the first ticket of a target comes, for loading the steppable engine takes a moment. */
async function interleaverFor(targetIndex: number): Promise<Interleaver | null> {
  const known = interleavers.get(targetIndex);
  if (known !== undefined) return known;
  const made = await interleaverOf(targets[targetIndex]!);
  interleavers.set(targetIndex, made);
  return made;
}

/** Most workers need none of that code, and are there sooner without it. */
async function interleaverOf(target: Target): Promise<Interleaver | null> {
  if (syncMapProfileOf(target.name) === null && target.interleavings === undefined) return null;
  const interleaver = await import('./interleaver.ts');
  return interleaver.interleaverOf(target, plan.seed);
}
