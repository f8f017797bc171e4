/**
 * A map that threads share: `npx mapcheck run` samples interleavings of random programs on it, `npx mapcheck ci` runs all
 * of small ones.
 */
import { defineConfig, defineTarget, type MapcheckConfig } from 'mapcheck';
import { SharedNumberMap } from './shared-map.ts';

type Exports = { readonly SharedNumberMap: typeof SharedNumberMap };

const config: MapcheckConfig = defineConfig({
  targets: [
    defineTarget({
      name: 'shared-number-map',
      model: 'unordered-map',
      create: () => new SharedNumberMap(1 << 14),
      // Keys of the same low bits meet in the same slots.
      keyAt: (n) => n & 0x1fff,
      keys: [0x1fff],
      values: [0],
      interleavings: {
        module: new URL('./shared-map.ts', import.meta.url),
        create: (exports: Exports) => new exports.SharedNumberMap(4),
        // Both begin at slot 1.
        keys: [1, 5],
      },
    }),
  ],
});

export default config;
