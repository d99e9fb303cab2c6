import { defineConfig } from "vitest/config";

/** One project a kind of test; `npm test -- --project unit` runs one. */
const project = (name: string, settings: { testTimeout?: number; fileParallelism?: boolean } = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], hookTimeout: settings.testTimeout, ...settings },
});

export default defineConfig({
  test: {
    // All cores: most tests wait for nothing but the processor. Files of e2e, which run whole stacks, go one by one.
    maxWorkers: "100%",
    projects: [
      project("unit", { testTimeout: 30_000 }),
      project("replay", { testTimeout: 30_000 }),
      project("simulation", { testTimeout: 120_000 }),
      project("faults", { testTimeout: 120_000 }),
      project("standin", { testTimeout: 30_000 }),
      project("host", { testTimeout: 60_000 }),
      project("hostConformance", { testTimeout: 60_000 }),
      project("e2e", { testTimeout: 180_000, fileParallelism: false }),
    ],
  },
});
