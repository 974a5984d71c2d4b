import { defineConfig } from "vitest/config";

/** Journeys start the built program in a pseudo-terminal; each has processes of its own, so few run at once. */
export default defineConfig({
  test: {
    globals: false,
    include: ["test/journeys/**/*.test.ts"],
    globalSetup: ["test/support/built-program.ts"],
    maxWorkers: 3,
    // Only ends what hangs: how long a test takes is the machine's affair.
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
  },
});
