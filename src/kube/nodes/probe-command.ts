import { CrossfadeError } from "../../engine/model/errors.ts";
import type { ProbeAnswer, ProbeTarget } from "../../engine/model/ports/prober.ts";
import { reason } from "../../engine/model/reason.ts";
import type { ExecAnswer } from "../client/kube-client.ts";
import { lastWords } from "../client/redact.ts";

/** Of each URL, looking its name up included: far below what an exec may take, so that a broken path is an answer. */
const limitSeconds = 3;
/** More than any pod network puts into one packet: a path that loses full-size packets answers nothing to it. */
const fillBytes = 2_000;
const format = "%{urlnum} %{exitcode} %{time_connect} %{time_total} %{errormsg}\\n";

/** Asks all URLs at the same time; says one line of each, whatever became of it. */
export function curlCommand(urls: readonly string[]): readonly string[] {
  const limits = ["--parallel", "--max-time", String(limitSeconds), "-H", `X-Fill: ${"x".repeat(fillBytes)}`];
  const targets = urls.flatMap((url) => ["-o", "/dev/null", url]);
  return ["curl", "-q", "-s", "-k", "--noproxy", "*", ...limits, "-w", format, ...targets];
}

interface Line {
  readonly exitCode: number;
  readonly connected: boolean;
  readonly tookMs: number;
  readonly error: string;
}

function linesOf(stdout: string): ReadonlyMap<number, Line> {
  const lines = stdout.split("\n").flatMap((line): readonly (readonly [number, Line])[] => {
    const [, url, code, connect, total, error = ""] = /^(\d+) (\d+) ([\d.]+) ([\d.]+) ?(.*)$/.exec(line) ?? [];
    if (url === undefined) return [];
    const tookMs = Math.round(Number(total) * 1_000);
    return [[Number(url), { exitCode: Number(code), connected: Number(connect) > 0, tookMs, error: error.trim() }]];
  });
  return new Map(lines);
}

/** curl's exit codes for a name that has no address, and for what came too late. */
const unresolved = 6;
const late = 28;

function judge(target: ProbeTarget, line: Line | undefined): ProbeAnswer {
  if (line === undefined) return { result: "unknown", why: "the probe was ended before it could say" };
  const { exitCode, connected, tookMs, error } = line;
  if (exitCode === 0) return { result: "good", tookMs };
  // Where the name was resolved, the question of a DNS sample is answered, whatever came after.
  if (target.kind === "dns" && exitCode !== unresolved && !error.startsWith("Resolving"))
    return { result: "good", tookMs };
  if (exitCode === late && connected)
    return {
      result: "lost",
      error: `connects, and gets no answer to full-size packets within ${limitSeconds} s (a smaller MTU on the way?)`,
    };
  return { result: "lost", error: error === "" ? `curl's exit code ${exitCode}` : error };
}

/** One answer a target. Throws COMMAND_FAILED for an image whose curl is not there or cannot do this. */
export function judgeSamples(targets: readonly ProbeTarget[], answer: ExecAnswer): readonly ProbeAnswer[] {
  const lines = linesOf(answer.stdout);
  const missing = answer.exitCode === 126 || answer.exitCode === 127;
  if (missing || (lines.size === 0 && answer.exitCode === 2)) {
    throw new CrossfadeError(
      "COMMAND_FAILED",
      missing ? reason("probe-without-curl", {}) : reason("probe-curl-unusable", { said: lastWords(answer.stderr) }),
    );
  }
  return targets.map((target, number) => judge(target, lines.get(number)));
}
