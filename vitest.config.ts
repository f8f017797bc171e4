import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['{src,models,properties,bench,test,examples}/**/*.test.ts'],
    testTimeout: 60_000,
  },
});

export default config;
