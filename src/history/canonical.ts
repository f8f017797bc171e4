/**
 * One text for each JSON value: object keys sorted, no spaces, shortest strings, numbers as JavaScript writes them.
 *
 * Whole numbers of any length keep their digits: 64-bit counters from other languages must not run together.
 */
export function canonicalJson(text: string): string {
  if (/^-?\d+$/.test(text)) return text === '-0' ? '0' : text;
  return write(JSON.parse(text) as unknown);
}

function write(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    .map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`);
  return `{${members.join(',')}}`;
}
