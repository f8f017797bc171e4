/** What a page shows, whatever it was made from: runs with their steps, tables of facts. */

/** One step of a run. */
export interface PageStep {
  /** 0-based thread. */
  readonly thread: number;
  readonly text: string;
  /** The values read and written, or the result. */
  readonly value: string;
  /** What happened inside, and what is wrong here. */
  readonly note: string;
  /** What is special about it; calls, stuck and thrown ones are no steps, and have no number. */
  readonly mark: '' | 'preemption' | 'switch' | 'call' | 'stuck' | 'thrown' | 'bad';
  /** `file:line:column`, or an empty string. */
  readonly place: string;
  /** Source text at the place, where it is known. */
  readonly expression: string;
}

/** A run with its steps. */
export interface PageRun {
  readonly title: string;
  readonly verdict: 'holds' | 'fails' | 'inconclusive' | 'nondeterministic';
  readonly property: string;
  /** Paragraphs. */
  readonly message: readonly string[];
  /** Facts, each a name and a value. */
  readonly facts: readonly (readonly [string, string])[];
  /** What the steps are called where there is one thread: operations. */
  readonly isSequential: boolean;
  readonly steps: readonly PageStep[];
  /** The orders of steps that the failure needs, or why none is shown; empty where the question was not asked. */
  readonly orderings: readonly string[];
  /** Lines to be shown as they are, under a heading. */
  readonly blocks: readonly { readonly title: string; readonly lines: readonly string[] }[];
}

/** A table of facts. */
export interface PageTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface PageDocument {
  readonly title: string;
  readonly tables: readonly PageTable[];
  readonly runs: readonly PageRun[];
}

/** The text of source files by the names that places give them; a file that is not in it is not shown. */
export type Sources = ReadonlyMap<string, string>;

/** Every source file that a document's places name. */
export function filesOf({ runs }: PageDocument): string[] {
  const places = runs.flatMap((run) => run.steps.map((step) => parsePlace(step.place)?.file));
  return [...new Set(places.filter((file) => file !== undefined))].sort();
}

/** The parts of `file:line:column`; `null` for no place. */
export function parsePlace(
  place: string,
): { readonly file: string; readonly line: number; readonly column: number } | null {
  const match = /^(.+):(\d+):(\d+)$/s.exec(place);
  if (match === null) return null;
  return { file: match[1]!, line: Number(match[2]), column: Number(match[3]) };
}
