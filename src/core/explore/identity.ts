/** Values that are others in every run: objects, functions and symbols are made anew. */
export function isIdentity(value: unknown): boolean {
  const type = typeof value;
  return (type === 'object' && value !== null) || type === 'function' || type === 'symbol';
}
