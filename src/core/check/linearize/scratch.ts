/**
 * Memory that judgements use again.
 *
 * Judging takes about a hundred bytes for each operation, and fresh memory costs more time than what is done in it: the
 * system has to provide it page by page, and the collector is called more often. So the columns of one judgement serve
 * the next.
 */

/** Bytes that are kept between judgements at most. */
const KEPT_MAX = 1 << 26;

/** One column; each use of it ends before the next begins. */
export class ScratchColumn {
  #numbers: Int32Array = new Int32Array(0);
  #bytes: Uint8Array = new Uint8Array(0);

  get byteLength(): number {
    return this.#numbers.byteLength;
  }

  /** Gives the memory back. */
  release(): void {
    this.#numbers = new Int32Array(0);
    this.#bytes = new Uint8Array(0);
  }

  /** At least `length` numbers, whatever they are. */
  take(length: number): Int32Array {
    if (this.#numbers.length < length) this.#numbers = new Int32Array(length);
    return this.#numbers;
  }

  /** At least `length` numbers, the first `length` of them 0. */
  takeZeros(length: number): Int32Array {
    if (this.#numbers.length < length) this.#numbers = new Int32Array(length);
    else this.#numbers.fill(0, 0, length);
    return this.#numbers;
  }

  /** At least `length` bytes, whatever they are. */
  takeBytes(length: number): Uint8Array {
    const { buffer } = this.take((length + 3) >> 2);
    if (this.#bytes.buffer !== buffer) this.#bytes = new Uint8Array(buffer);
    return this.#bytes;
  }
}

/** The columns of one judgement. */
export class Scratch {
  readonly kind: ScratchColumn = new ScratchColumn();
  readonly from: ScratchColumn = new ScratchColumn();
  readonly to: ScratchColumn = new ScratchColumn();
  readonly pairs: ScratchColumn = new ScratchColumn();
  readonly jobs: ScratchColumn = new ScratchColumn();
  readonly agenda: ScratchColumn = new ScratchColumn();
  readonly order: ScratchColumn = new ScratchColumn();

  /** Releases columns, those of pairs and jobs first, until what is left is not more than some number of bytes. */
  shrinkTo(byteLength: number): void {
    const { pairs, jobs, agenda, order, from, to, kind } = this;
    let left = pairs.byteLength + jobs.byteLength + agenda.byteLength + order.byteLength;
    left += from.byteLength + to.byteLength + kind.byteLength;
    if (left <= byteLength) return;
    for (const column of [pairs, jobs, agenda, order, from, to, kind]) {
      if (left <= byteLength) return;
      left -= column.byteLength;
      column.release();
    }
  }
}

/** The scratch that nobody uses now. */
let idle: Scratch | null = null;

/** Lends scratch to a piece of work, which keeps nothing of it. Work within the work gets scratch of its own. */
export function withScratch<Result>(work: (scratch: Scratch) => Result): Result {
  const scratch = idle ?? new Scratch();
  idle = null;
  const result = work(scratch);
  scratch.shrinkTo(KEPT_MAX);
  idle = scratch;
  return result;
}
