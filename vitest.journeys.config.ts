import { defineConfig } from "vitest/config";

/** Journeys start the built program in a pseudo-terminal; each has processes of its own, so few run at once. */
export default defineConfig({
  test: {
    globals: false,
    include: ["test/journeys/**/*.test.ts"],
    globalSetup: ["test/support/built-program.ts"],
    maxWorkers: 3,
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
