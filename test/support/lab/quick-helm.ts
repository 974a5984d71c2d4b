import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { type LabClock, pause } from "crossfade-lab/clock.ts";
import { runHelm } from "crossfade-lab/helm/run-helm.ts";

/** A helm on PATH that is as good as the lab's own and starts no Node: the lab's helm runs in this process. */
export interface QuickHelm {
  readonly binDir: string;
  /** Every command line so far. */
  readonly calls: readonly (readonly string[])[];
  close(): void;
}

interface Serving {
  readonly folder: string;
  readonly calls: (readonly string[])[];
  readonly clock: LabClock | undefined;
}

const waitsBy = (clock: LabClock) => ({
  now: () => clock.now(),
  sleep: (ms: number, signal: AbortSignal) => pause(clock, ms, signal),
});

async function serve(socket: Socket, { folder, calls, clock }: Serving, request: string): Promise<void> {
  const argv = request.split("\0").slice(0, -2);
  const file = join(folder, `call-${calls.push(argv)}`);
  const out: string[] = [];
  const err: string[] = [];
  const gone = new AbortController();
  socket.once("close", () => gone.abort());
  const exitCode = await runHelm(argv, {
    // Whoever asked ends at once by SIGTERM too: there is nobody left who would tidy up.
    signal: gone.signal,
    killed: gone.signal,
    print: (line) => out.push(`${line}\n`),
    warn: (line) => err.push(`${line}\n`),
    ...(clock === undefined ? {} : { clock: waitsBy(clock) }),
  });
  writeFileSync(`${file}.out`, out.join(""));
  writeFileSync(`${file}.err`, err.join(""));
  socket.end(`${exitCode} ${file}\n`);
}

/**
 * Arguments go over a loopback socket, each ended by a NUL and the last by two; the answer names two files. It waits by the wall's
 * clock, as a helm process does, where it is given none.
 */
export async function quickHelm(folder: string, clock?: LabClock): Promise<QuickHelm> {
  const binDir = join(folder, "bin");
  mkdirSync(binDir, { recursive: true });
  const calls: (readonly string[])[] = [];
  const server = createServer((socket) => {
    let request = "";
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      request += chunk.toString("utf8");
      if (request.endsWith("\0\0")) void serve(socket, { folder, calls, clock }, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { readonly port: number };
  const script = [
    "#!/bin/bash",
    // Values on stdin go by a file: this process has a stdin of its own.
    `args=("$@")`,
    'for i in "${!args[@]}"; do',
    '  [ "${args[i]}" = - ] || continue',
    "  IFS= read -r -d '' values || :",
    '  args[i]="$0.values.$$"',
    `  printf '%s' "$values" > "\${args[i]}"`,
    "done",
    `exec 3<>/dev/tcp/127.0.0.1/${port}`,
    `printf '%s\\0' "\${args[@]}" '' >&3`,
    "read -r code file <&3",
    `[ -n "$code" ] || exit 1`,
    `printf '%s' "$(<"$file.out")"`,
    `printf '%s' "$(<"$file.err")" >&2`,
    `exit "$code"`,
    "",
  ];
  writeFileSync(join(binDir, "helm"), script.join("\n"), { mode: 0o700 });
  return { binDir, calls, close: () => server.close() };
}
