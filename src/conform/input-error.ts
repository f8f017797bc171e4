/**
 * A recorded trace that cannot be read: says the file, the line, what was expected and what was
 * found.
 */
export class ConformInputError extends Error {
  override readonly name: string = 'ConformInputError';
  readonly file: string;
  /** 1-based line in the file. */
  readonly line: number;

  constructor(file: string, line: number, problem: string) {
    super(`${file}:${line}: ${problem}`);
    this.file = file;
    this.line = line;
  }
}
