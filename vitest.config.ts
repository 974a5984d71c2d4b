import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    globals: false,
    include: ["test/**/*.test.{ts,tsx}", "packages/*/test/**/*.test.ts"],
    exclude: ["test/journeys/**", "**/node_modules/**"],
    isolate: false,
    // What waits for a lab leaves half a processor idle; by itself vitest would use one less than there are.
    maxWorkers: 2,
    // Only ends what hangs: how long a test takes is the machine's affair.
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
    env: { NODE_ENV: "test" },
    coverage: {
      provider: "v8",
      include: ["src/**/*.{ts,tsx}", "packages/lab/**/*.ts"],
      exclude: ["packages/lab/test/**"],
      reporter: ["json-summary"],
      // Also where a test failed: what was covered is wanted all the same.
      reportOnFailure: true,
    },
  },
});
