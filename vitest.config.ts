import { configDefaults, defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['{src,models,properties,bench,test,examples}/**/*.test.ts'],
    // A project of its own, with its own configuration: test/vitest-example.test.ts runs it.
    exclude: [...configDefaults.exclude, 'examples/vitest/**'],
    testTimeout: 60_000,
  },
});

export default config;
