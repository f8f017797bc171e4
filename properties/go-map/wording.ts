/** Small words for messages. */

/**
 * `1 entry`, `2 entries`, `0 cells with another value`: the first word of `thing` that is its noun
 * gets the plural.
 */
export function counted(number: number, thing: string): string {
  if (number === 1) return `1 ${thing}`;
  const [, noun, rest] =
    /^(.*?\b(?:entry|cell|bucket|chain|destination|growth|write|draw)|\S+)(.*)$/.exec(
      thing,
    ) as unknown as [string, string, string];
  const plural = noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${number} ${plural}${rest}`;
}
