import { pause } from "../../clock.ts";
import type { Network } from "../../network/reach.ts";
import type { ContainerContext, ExecResult } from "../../program.ts";

/** dd if=/dev/zero bs=BYTES count=1 | nc -u -w SECONDS ADDRESS PORT, as often as a script has it; a line each of who answered. */
export async function sentDatagrams(
  network: Network,
  context: Pick<ContainerContext, "pod" | "clock" | "signal">,
  [command = "", , script = ""]: readonly string[],
): Promise<ExecResult | null> {
  if (!command.endsWith("sh")) return null;
  const sent = [...script.matchAll(/bs=(\d+) count=1[^|]*\| nc -u -w (\d+) (\S+) (\d+)/g)];
  if (sent.length === 0) return null;
  const headers = 28;
  const lines = sent.map(([, bytes, , ip = "", port]) => {
    const to = { ip, port: Number(port), protocol: "udp", bytes: Number(bytes) + headers } as const;
    return `${ip} ${network.fromPod(context.pod, to).ok ? "answered" : ""}\n`;
  });
  await pause(context.clock, Number(sent[0]?.[2]) * 1_000, context.signal);
  return { stdout: lines.join(""), stderr: "", exitCode: 0 };
}
