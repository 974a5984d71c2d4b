import { readFileSync } from "node:fs";
import { WebSocket } from "ws";
import { parse } from "yaml";
import type { ExecResult } from "../../program.ts";
import type { CiliumLab } from "./cilium-lab.ts";

/** kubectl exec in a pod, over the lab's own HTTP API; lab time goes on while it runs. */
export async function podExec(
  world: CiliumLab,
  { namespace, pod, container }: { readonly namespace: string; readonly pod: string; readonly container: string },
  argv: readonly string[],
): Promise<ExecResult> {
  const { url, kubeconfig } = world.lab.address;
  const { users } = parse(readFileSync(kubeconfig, "utf8")) as { users: { user: { token: string } }[] };
  const query = new URLSearchParams({ container, stdout: "true", stderr: "true" });
  for (const word of argv) query.append("command", word);
  const target = `${url.replace(/^http/, "ws")}/api/v1/namespaces/${namespace}/pods/${pod}/exec?${query.toString()}`;
  const socket = new WebSocket(target, "v5.channel.k8s.io", {
    headers: { authorization: `Bearer ${users[0]?.user.token ?? ""}` },
    rejectUnauthorized: false,
  });
  const texts: Record<number, string> = { 1: "", 2: "", 3: "" };
  let open = true;
  const closed = new Promise<void>((resolve, reject) => {
    socket.on("message", (data: Buffer) => {
      const channel = data[0] ?? 0;
      texts[channel] = (texts[channel] ?? "") + data.subarray(1).toString("utf8");
    });
    socket.on("close", () => {
      open = false;
      resolve();
    });
    socket.on("error", reject);
  });
  while (open) await Promise.race([closed, world.clock.advance(100)]);
  await closed;
  const status = JSON.parse(texts[3] || "{}") as {
    status?: string;
    details?: { causes?: { reason: string; message: string }[] };
  };
  const code = status.details?.causes?.find(({ reason }) => reason === "ExitCode")?.message;
  return {
    stdout: texts[1] ?? "",
    stderr: texts[2] ?? "",
    exitCode: status.status === "Success" ? 0 : Number(code ?? 1),
  };
}

/** The same in the agent of a node. */
export function agentExec(world: CiliumLab, node: string, argv: readonly string[]): Promise<ExecResult> {
  const pod = world.agent(node)?.metadata.name;
  if (!pod) throw new Error(`no agent on ${node}`);
  return podExec(world, { namespace: "kube-system", pod, container: "cilium-agent" }, argv);
}
