/** No operation is open. */
export const IDLE = -1;
/** The process ended with an unknown outcome and must not act again. */
export const CRASHED = -2;

/** Process numbers below this have a place in a table; others in a map. */
const TABLE_LIMIT = 1 << 16;

/** Which operation each process has open. */
export class OpenRows {
  #table: Int32Array = new Int32Array(64).fill(IDLE);
  readonly #sparse: Map<number, number> = new Map();

  /** The open row of a process, or IDLE, or CRASHED. */
  get(process: number): number {
    if (process < this.#table.length) return this.#table[process]!;
    return process < TABLE_LIMIT ? IDLE : (this.#sparse.get(process) ?? IDLE);
  }

  set(process: number, row: number): void {
    if (process >= TABLE_LIMIT) {
      this.#sparse.set(process, row);
      return;
    }
    if (process >= this.#table.length) {
      const wider = new Int32Array(Math.max(process + 1, this.#table.length * 2)).fill(IDLE);
      wider.set(this.#table);
      this.#table = wider;
    }
    this.#table[process] = row;
  }

  /** Gives every open operation its new row. */
  renumber(newRowOf: (row: number) => number): void {
    this.#table = this.#table.map((row) => (row < 0 ? row : newRowOf(row)));
    for (const [process, row] of this.#sparse) {
      if (row >= 0) this.#sparse.set(process, newRowOf(row));
    }
  }
}
