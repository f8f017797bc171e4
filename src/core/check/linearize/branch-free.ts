/**
 * Arithmetic in place of branches, for loops whose branches would go one way as often as the other: a branch that the
 * processor foresees wrongly costs as much as twenty operations.
 */

/** -1 (all bits) for 0, and 0 for a greater number. */
export function isZero(value: number): number {
  return (value - 1) >> 31;
}

/** The greater of two numbers whose difference fits into 32 bits. */
export function max(left: number, right: number): number {
  const difference = (left - right) | 0;
  return left - (difference & (difference >> 31));
}

/** The smaller of two numbers whose difference fits into 32 bits. */
export function min(left: number, right: number): number {
  const difference = (left - right) | 0;
  return right + (difference & (difference >> 31));
}
