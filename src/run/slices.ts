/** Long work in this thread, cut so that signals are heard meanwhile. */

/** How long nobody needs to be heard. */
const SLICE_MS = 50;

/** Lets everything else that waits have its turn. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Calls `advance` until it returns true, or `signal` is aborted. */
export async function inSlices(
  advance: () => boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  let sinceMs = performance.now();
  for (;;) {
    if (signal?.aborted === true || advance()) return;
    if (performance.now() - sinceMs < SLICE_MS) continue;
    await breathe();
    sinceMs = performance.now();
  }
}
