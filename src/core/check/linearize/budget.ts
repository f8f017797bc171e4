/** How much work a judgement may take. */
export interface Budget {
  /** Configurations that searches may explore, all together. */
  readonly nodes: number;
  /** Whether the time is up; asked now and then. */
  readonly isOver: () => boolean;
}

/** Enough for every history in practice, and an end within minutes for the others. */
export const DEFAULT_BUDGET: Budget = { nodes: 20_000_000, isOver: () => false };
