/** Small questions to fast-check's generator, which is the only source of chance in programs. */
import type { Random } from 'fast-check';

export class Dice {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** An integer from 0 on, below `limit`; 0 if there is none. */
  below(limit: number): number {
    return limit <= 1 ? 0 : this.#random.nextInt(0, limit - 1);
  }

  /** An integer from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return this.#random.nextInt(min, max);
  }

  /** True in `percent` of a hundred cases. */
  chance(percent: number): boolean {
    return percent > 0 && this.#random.nextInt(0, 99) < percent;
  }

  /** One of some choices, each as likely as its weight. */
  weighted<T>(choices: readonly (readonly [weight: number, choice: T])[]): T {
    let total = 0;
    for (const [weight] of choices) total += weight;
    let rest = this.below(total);
    for (const [weight, choice] of choices) {
      rest -= weight;
      if (rest < 0) return choice;
    }
    return choices[0]![1];
  }

  /** 32 random bits, unsigned. */
  bits(): number {
    return this.#random.nextInt(-0x8000_0000, 0x7fff_ffff) >>> 0;
  }
}
