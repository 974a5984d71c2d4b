import { spawn } from "node:child_process";
import { join } from "node:path";

const entry = join(import.meta.dirname, "../../helm/lab-helm.ts");

/** The lab's helm as an adapter runs it: a process of its own. */
export function labHelmChild(args: readonly string[], kubeconfig: string) {
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", entry, ...args, "--kubeconfig", kubeconfig],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let stderr = "";
  child.stderr.on("data", (data: Buffer) => {
    stderr += data.toString("utf8");
  });
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, stderr }));
  });
  return { process: child, ended };
}
