import { steppedModules } from 'mapcheck/vite';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  // The modules whose code is explored: the sources that share memory, and the tests that hold programs.
  plugins: [steppedModules({ include: ['src/**', 'test/**'] })],
});

export default config;
