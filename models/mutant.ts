/** A seeded bug: one small, readable change to a compiled engine, and the properties that must notice it. */
export interface Mutant {
  /** Identifier in the catalogue of map bugs, as in `A03`, or `claim-…` for a false claim about Go's maps. */
  readonly id: string;
  /** What is wrong, in one line. */
  readonly title: string;
  /** Where the bug was real: an issue, a commit, a release. */
  readonly origin: string;
  /** Folder of the engine under `src/engines`. */
  readonly engine: string;
  /** Compiled file to change, relative to the engine's folder: `growth.js`. */
  readonly file: string;
  /** The text to replace; stands exactly once in the file, white space apart. */
  readonly find: string;
  readonly replace: string;
  /** Names of properties, any of which may be the one that kills it. */
  readonly killedBy: readonly string[];
  /** Runs of the default campaign within which it must be killed. */
  readonly withinRuns: number;
  /** Targets whose campaign hunts it, in order; none where one caller alone sees nothing wrong. */
  readonly targets: readonly string[];
  /** Given where several callers at once see the bug: it must die by one of these properties, and how soon. */
  readonly interleaved?: {
    readonly killedBy: readonly string[];
    /** Executions of the engine's programs of several threads, all together. */
    readonly withinExecutions: number;
  };
  /** Why no property can tell it from the engine; such a mutant must survive. */
  readonly equivalent?: string;
  /** Number of the claim of `docs/claims.md` that it refutes. */
  readonly claim?: string;
}
