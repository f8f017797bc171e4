/** Line and column, both 1-based, of a character offset. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}

/**
 * The place of a syntax error that `JSON.parse` threw, as `line:column`, and its cause in words.
 *
 * Engines word the error differently; where no offset is given the end of the text is meant, because that is what a
 * truncated file gives.
 */
export function describeSyntaxError(text: string, error: unknown): { at: string; reason: string } {
  const message = error instanceof Error ? error.message : String(error);
  const offset = /position (\d+)/.exec(message);
  const { line, column } = positionOf(text, offset === null ? text.length : Number(offset[1]));
  const isTruncated = offset === null || Number(offset[1]) >= text.trimEnd().length;
  return {
    at: `${line}:${column}`,
    reason: isTruncated ? 'the JSON text ends too early' : 'the text is not JSON here',
  };
}

/** A JSON path as people write it: `$.program.threads[0][2].op`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const name = String(part);
    return /^[A-Za-z_$][\w$]*$/.test(name) ? `${text}.${name}` : `${text}[${JSON.stringify(name)}]`;
  }, '$');
}
