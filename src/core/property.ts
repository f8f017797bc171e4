/** A rule with a name: what `mapcheck list` prints, reports cite and mutants are killed by. */
export interface Property {
  /** Dotted and stable: family, then rule, as in `map.reachable`. */
  readonly name: string;
  /** The rule as one sentence, in the terms of the field. */
  readonly statement: string;
  /** Where the rule comes from: an invariant's number, a clause, a Go file and version. */
  readonly source: string;
}

/** Evidence that a property failed: where, what was due, what was there. */
export interface Violation {
  /** Name of the property that failed. */
  readonly property: string;
  /** One sentence that a newcomer understands. */
  readonly message: string;
  /** What the model says. */
  readonly expected: string;
  /** What the engine did. */
  readonly actual: string;
  /** 0-based index of the operation in its thread. */
  readonly operationIndex: number;
  /** The map's state around the fault, a line each. */
  readonly state: readonly string[];
  /** Identifier of the known defect whose exact mechanism this is, or `null`. */
  readonly known: string | null;
}

/** The verdicts; there are no others. */
export type Verdict = 'holds' | 'fails' | 'inconclusive' | 'nondeterministic';
