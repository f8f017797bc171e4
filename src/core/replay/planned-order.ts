/**
 * A failing run as it is kept: what each thread did, and which steps of other threads each step came
 * after. Everything else about the order is left open.
 */

/** One step of a kept run. */
export interface PlannedEvent {
  /** What it did: a name of a kind of step. */
  readonly kind: string;
  /** What it touched, as the explorer names shared memory; an empty string when not known. */
  readonly location: string;
  /** Source text of the access, or an empty string. */
  readonly expression: string;
  /** Steps of other threads, each as thread and number in that thread, that came before. */
  readonly after: readonly (readonly [number, number])[];
}

/** The steps of each thread. */
export type PlannedOrder = readonly (readonly PlannedEvent[])[];

/** A step of a planned order: thread and number in that thread. */
export interface EventPlace {
  readonly thread: number;
  readonly index: number;
}

/**
 * The steps in an order that fits, each thread kept running for as long as it can; shorter than the
 * plan when its orders go round in a circle.
 */
export function linearize(plan: PlannedOrder): EventPlace[] {
  const order: EventPlace[] = [];
  const done = plan.map(() => 0);
  const canMove = (t: number): boolean => {
    const event = plan[t]?.[done[t]!];
    return event !== undefined && event.after.every(([u, k]) => done[u]! > k);
  };
  for (let last = 0; ;) {
    const next = canMove(last) ? last : plan.findIndex((_, t) => canMove(t));
    if (next < 0) return order;
    order.push({ thread: next, index: done[next]!++ });
    last = next;
  }
}
