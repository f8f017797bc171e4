/** Memory in use, once everything that can be collected has been. */

/** Bytes in use. */
export interface MemoryUse {
  /** On the JavaScript heap. */
  readonly heap: number;
  /** Outside of it; the buffers of typed arrays are part of this. */
  readonly external: number;
}

/** Collects garbage if node was started with `--expose-gc`. */
export function collectGarbage(): void {
  (globalThis as { gc?: () => void }).gc?.();
}

/** Collects, and waits for the task that frees the buffers of collected arrays later. */
export async function settledMemory(): Promise<MemoryUse> {
  for (let turn = 0; turn < 4; turn++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  // `arrayBuffers` is contained in `external`.
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed, external };
}
