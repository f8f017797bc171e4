/** Runs the loops of a program, and holds each step and each end to the contract of iteration. */
import type { Operation } from '../../../src/core/program.ts';
import {
  complete,
  ends,
  everyMethod,
  productionProperties,
  type EndlessFacts,
  type LoopEndFacts,
  type ProductionFacts,
  type WholeLoopFacts,
} from '../../../properties/go-map/iteration.ts';
import { showValue } from '../../value-token.ts';
import type { LOOP_METHODS } from '../program-schema.ts';
import { Loop } from './loop.ts';
import type { Referee } from './referee.ts';
import type { World } from './world.ts';

/** A step that brought nothing although something was due to end. */
const ENDED = 'the end';

export class LoopRunner {
  readonly #referee: Referee;
  readonly #byNumber: (Loop | undefined)[] = [];
  #text: string | null = null;

  constructor(referee: Referee) {
    this.#referee = referee;
  }

  /** The loop of a number. */
  find(number: number): Loop | undefined {
    return this.#byNumber[number];
  }

  /** What the last operation on a loop gave, in words; once. */
  takeText(): string | null {
    const text = this.#text;
    this.#text = null;
    return text;
  }

  /** Performs one of the operations on loops. */
  perform(operation: Operation): void {
    switch (operation.op) {
      case 'iterate': {
        this.#leave(this.find(Number(operation['it'])));
        this.#byNumber[Number(operation['it'])] = this.#begin();
        return;
      }
      case 'next': {
        const loop = this.find(Number(operation['it']));
        if (loop !== undefined) this.#next(loop);
        return;
      }
      case 'drain': {
        const loop = this.find(Number(operation['it']));
        if (loop !== undefined) this.#drain(loop);
        return;
      }
      default:
        this.#range(operation['via'] as (typeof LOOP_METHODS)[number]);
    }
  }

  /** Begins a loop over the current map and takes its first step. */
  #begin(): Loop {
    const referee = this.#referee;
    const { world } = referee;
    world.begin('iterate');
    const loop = new Loop(world, world.map.entries(), referee.rules.isFaithful);
    const { step } = world;
    this.#step(loop);
    step.isIterationStart = loop.view.isStarted;
    step.startBucket = loop.view.startBucket;
    step.offset = loop.view.offset;
    if (!loop.isEnded) world.loops.push(loop);
    referee.finish(world);
    return loop;
  }

  #next(loop: Loop): void {
    const { world } = loop;
    world.begin('iterate');
    this.#step(loop);
    this.#referee.finish(world);
  }

  #drain(loop: Loop): void {
    const { world } = loop;
    world.begin('iterate');
    this.#toEnd(loop);
    this.#referee.finish(world);
  }

  #toEnd(loop: Loop): void {
    // Twice each entry is more than even the known defects give.
    const producedMax = 2 * loop.session.spec.insertions + 2;
    while (!loop.isEnded && !this.#referee.isBroken) {
      this.#referee.operations++;
      this.#step(loop);
      if (loop.productions <= producedMax) continue;
      const facts: EndlessFacts = { produced: loop.productions, producedMax };
      this.#referee.judge(loop.world, [ends], facts);
    }
  }

  /** One step: what comes is matched with the specification and judged. */
  #step(loop: Loop): void {
    const referee = this.#referee;
    const { world } = loop;
    loop.beforeStep();
    const item = loop.iterator.next();
    if (world.view.oldBuckets !== null) referee.coverage.iterationDuringGrowth++;
    if (world.generation - loop.generation >= 2) referee.coverage.agedIterator++;
    if (item.done === true) {
      if (!loop.isEnded) this.#end(loop);
      return;
    }
    const [key, value] = item.value as [unknown, unknown];
    referee.fingerprint.addValue(key);
    referee.fingerprint.addValue(value);
    if (referee.keepsNotes) this.#text = `(${showValue(key)}, ${showValue(value)})`;
    const production = loop.arrive(key, value);
    const facts: ProductionFacts = { session: loop.session, production };
    for (const property of productionProperties) {
      if (property.holds(facts)) continue;
      const known = property.name === 'map.iteration.ended' ? null : loop.excuseFor(production);
      referee.reportBroken(world, property, facts, known);
      break;
    }
    const { entry } = production;
    if (entry !== undefined && entry.removedBy === null) loop.session.accept(entry);
  }

  #end(loop: Loop): void {
    const referee = this.#referee;
    const { world } = loop;
    if (referee.keepsNotes) this.#text = ENDED;
    referee.fingerprint.add(loop.productions);
    const { inexcusable, defects } = loop.missed();
    loop.isEnded = true;
    loop.session.isOver = true;
    this.#leave(loop);
    const facts: LoopEndFacts = { session: loop.session, missed: inexcusable };
    referee.judge(world, [complete], facts);
    for (const defect of defects) {
      referee.reportBroken(world, complete, { session: loop.session, missed: loop.lost() }, defect);
    }
  }

  #leave(loop: Loop | undefined): void {
    if (loop === undefined) return;
    const index = loop.world.loops.indexOf(loop);
    if (index >= 0) loop.world.loops.splice(index, 1);
  }

  #range(via: (typeof LOOP_METHODS)[number]): void {
    const referee = this.#referee;
    const { world } = referee;
    if (via === 'entries') {
      const loop = this.#begin();
      if (!loop.isEnded) this.#drain(loop);
      this.#leave(loop);
      return;
    }
    world.begin('iterate');
    const actual = collect(world, via);
    const { step } = world;
    step.isIterationStart = step.before.count > 0;
    // Where such a loop began cannot be seen; the draw is all there is to go by.
    referee.assumeStartAsDrawn(step);
    const entries = world.spec.liveEntries();
    const isByKey = via === 'keys';
    const facts: WholeLoopFacts = {
      method: via,
      expected: entries.map((entry) => (isByKey ? entry.key : entry.value)),
      actual,
    };
    for (const value of actual) referee.fingerprint.addValue(value);
    referee.judge(world, [everyMethod], facts);
    if (referee.keepsNotes) this.#text = actual.map(showValue).join(', ');
    referee.finish(world);
  }
}

function collect(world: World, via: 'keys' | 'values' | 'forEach'): unknown[] {
  if (via !== 'forEach') return [...world.map[via]()];
  const values: unknown[] = [];
  world.map.forEach((value) => values.push(value));
  return values;
}
