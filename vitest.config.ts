import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    globals: false,
    include: ["test/**/*.test.{ts,tsx}"],
    exclude: ["test/journeys/**", "node_modules/**"],
    isolate: false,
    testTimeout: 30_000,
    env: { NODE_ENV: "test" },
  },
});
