import { runHelm } from "./run-helm.ts";

/** The `helm` of a lab's bin folder: run with Node, it talks to the API that the kubeconfig names. */
const stopping = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stopping.abort());

process.exitCode = await runHelm(process.argv.slice(2), {
  signal: stopping.signal,
  print: (line) => process.stdout.write(`${line}\n`),
  warn: (line) => process.stderr.write(`${line}\n`),
});
