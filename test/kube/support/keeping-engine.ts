import { runCommand } from "../../../src/kube/process/run-command.ts";

/** An engine's process as far as a kept command sees it: it renews a lease of two seconds ten times a second. */
const renewed = new Set<() => void>();
setInterval(() => {
  for (const then of renewed) then();
});
await runCommand({
  argv: process.argv.slice(2),
  env: process.env,
  timeoutMs: 60_000,
  fence: {
    check: () => undefined,
    leftMs: () => 2_000,
    onRenewed: (then) => {
      renewed.add(then);
      return () => renewed.delete(then);
    },
  },
});
