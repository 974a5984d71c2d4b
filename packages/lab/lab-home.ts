import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The files by which others reach a lab: nobody else can read them, and none outlives it. */
export interface LabHome {
  readonly kubeconfig: string;
  readonly binDir: string;
  remove(): void;
}

/** Name of the kubeconfig's context, cluster and user. */
export const contextName = "crossfade-lab";

/** How a lab's API server is reached. */
export interface LabAccess {
  /** Plain HTTP, for the lab's own tools. */
  readonly url: string;
  readonly secureUrl: string;
  /** PEM */
  readonly certificateAuthority: string;
  readonly token: string;
  /** Lab seconds per second. */
  readonly speed: number;
}

/** Writes kubeconfig and executables into a folder of its own. */
export function createLabHome(lab: LabAccess): LabHome {
  // mkdtemp makes it 0700.
  const folder = mkdtempSync(join(tmpdir(), "crossfade-lab-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  const kubeconfig = join(folder, "kubeconfig");
  const access = join(folder, "lab.json");
  const binDir = join(folder, "bin");
  mkdirSync(binDir, { mode: 0o700 });
  writeFileSync(kubeconfig, kubeconfigText(lab), { mode: 0o600 });
  writeFileSync(access, JSON.stringify({ url: lab.url, token: lab.token }), { mode: 0o600 });
  writeTool(join(binDir, "helm"), [entry("./helm/lab-helm.ts", "./lab-helm.mjs")]);
  writeTool(join(binDir, "docker"), [entry("./shims/lab-docker.ts", "./lab-docker.mjs"), access]);
  return {
    kubeconfig,
    binDir,
    remove() {
      process.off("exit", remove);
      remove();
    },
  };
}

/** From source or, beside this file, from the bundle. */
function entry(source: string, bundled: string): string {
  return fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? source : bundled, import.meta.url));
}

function writeTool(path: string, words: readonly string[]): void {
  const command = [process.execPath, "--disable-warning=ExperimentalWarning", ...words].map(quoted).join(" ");
  writeFileSync(path, `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o700 });
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Over TLS: kubectl and helm send no token without. */
function kubeconfigText({ secureUrl, certificateAuthority, token, speed }: LabAccess): string {
  return [
    "apiVersion: v1",
    "kind: Config",
    "clusters:",
    `- name: ${contextName}`,
    "  cluster:",
    `    server: ${secureUrl}`,
    `    certificate-authority-data: ${Buffer.from(certificateAuthority).toString("base64")}`,
    // Who waits for this cluster had better know that its clock runs faster than theirs.
    "    extensions:",
    "    - name: crossfade/clock",
    "      extension:",
    `        speed: ${speed}`,
    "contexts:",
    `- name: ${contextName}`,
    "  context:",
    `    cluster: ${contextName}`,
    `    user: ${contextName}`,
    `current-context: ${contextName}`,
    "users:",
    `- name: ${contextName}`,
    "  user:",
    `    token: ${token}`,
    "",
  ].join("\n");
}
