function symbolOf(object, name) {
  for (let at = object; at !== null; at = Object.getPrototypeOf(at)) {
    const found = Object.getOwnPropertySymbols(at).find((symbol) => symbol.description === name);
    if (found !== undefined) return found;
  }
  throw new Error(`no ${name}`);
}

/**
 * What a worker gets when a handle is moved to it: an object of its own over the same shared memory.
 *
 * It does what `spawn(move(handle), …)` does between two threads, with the handle's own methods for it.
 */
export function moved(handle) {
  const { constructor } = handle;
  const [envelope] = handle[symbolOf(handle, 'Thread.Serialize')]();
  return constructor[symbolOf(constructor, 'Thread.Deserialize')](envelope);
}
