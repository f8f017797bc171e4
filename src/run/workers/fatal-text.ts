/** What a dying Node prints. */

/** How the last words of Node and V8 begin; nothing else comes after them. */
const LAST_WORDS =
  /^(<--- Last few GCs --->|FATAL ERROR: |# Fatal (?:error|Java)|----- (?:Native|JavaScript) stack trace -----)/;
/** The part of them that is looked at. */
const KEPT = 4_000;

/** Passes on what a process writes to standard error, line by line, but for the stack traces of its death. */
export class FatalText {
  readonly #pass: (lines: string) => void;
  #rest = '';
  /** Empty lines that may be the beginning of the last words. */
  #blank = '';
  #lastWords: string | null = null;

  constructor(pass: (lines: string) => void) {
    this.#pass = pass;
  }

  /** Whether it died for want of memory. */
  get isOutOfMemory(): boolean {
    return this.#lastWords !== null && /out of memory/i.test(this.#lastWords);
  }

  add(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#take(`${line}\n`);
  }

  /** To be called when there is nothing more to come. */
  end(): void {
    if (this.#rest !== '') this.#take(this.#rest);
    this.#rest = '';
    if (this.#lastWords === null) this.#pass(this.#blank);
  }

  #take(line: string): void {
    if (this.#lastWords === null && LAST_WORDS.test(line)) this.#lastWords = '';
    if (this.#lastWords !== null) {
      if (this.#lastWords.length < KEPT) this.#lastWords += line;
    } else if (line === '\n') {
      this.#blank += line;
    } else {
      this.#pass(this.#blank + line);
      this.#blank = '';
    }
  }
}
