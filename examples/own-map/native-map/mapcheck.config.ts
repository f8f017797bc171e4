/** The map that comes with the language. Run in this folder: `npx mapcheck run`. */
import { defineConfig, defineTarget, type MapcheckConfig } from 'mapcheck';

const config: MapcheckConfig = defineConfig({
  targets: [
    // Everything is found on the map itself: its operations, and that its iterators live through changes.
    defineTarget({ name: 'native-map', model: 'map', create: () => new Map() }),
  ],
});

export default config;
