import type { HostLeftovers, LeftoverKinds } from "../../src/engine/model/cluster/leftovers.ts";
import type { ExecAnswer } from "../../src/kube/client/kube-client.ts";
import type { HostExec } from "../../src/kube/nodes/host-exec.ts";
import { kubeHosts } from "../../src/kube/nodes/hosts.ts";

/** Nothing to look for. */
export const noKinds: LeftoverKinds = {
  links: [],
  routes: false,
  blackholeRoutes: false,
  chainPrefixes: [],
  ruleComments: [],
  ipsetPrefixes: [],
  nftTables: [],
  confFiles: [],
  folders: [],
  reservations: null,
  plugins: [],
  files: [],
  annotations: [],
  mounts: [],
};
export const nothingFound: HostLeftovers = {
  links: [],
  routes: [],
  blackholes: [],
  chains: [],
  rules: [],
  ipsets: [],
  nftTables: [],
  files: [],
  paths: [],
  reserved: [],
  unseen: [],
};

/** A host that answers by command line; what it does not know is not in its image. */
export function hostWith(
  answers: Record<string, string | { stdout?: string; stderr: string; exitCode: number }>,
  withCleaner = true,
) {
  const ran: string[] = [];
  const run = async (_node: string, argv: readonly string[]): Promise<ExecAnswer> => {
    if (argv[0] === "sh") return batch(argv[2] ?? "");
    const line = argv.join(" ");
    ran.push(line);
    const answer =
      answers[line] ??
      (/^(rm|mv|ip link delete|ip link set|ip -4 addr flush|ip -4 route delete|ipset destroy|iptables-\w+ -w)/.test(
        line,
      )
        ? ""
        : { stderr: "not found", exitCode: 127 });
    return typeof answer === "string" ? { stdout: answer, stderr: "", exitCode: 0 } : { stdout: "", ...answer };
  };
  /** As sh reads it: single quotes, one command a line and the echo after it. */
  const batch = async (script: string): Promise<ExecAnswer> => {
    let stdout = "";
    for (const line of script.split("\n")) {
      const [, command = "", mark = ""] = /^(.*) 2>&1; echo (.*) \$\?$/.exec(line) ?? [];
      const argv = [...command.matchAll(/'([^']*)'/g)].map(([, word = ""]) => word);
      const answer = await run("n", argv);
      stdout += `${answer.stdout}${answer.stderr}${mark} ${answer.exitCode}\n`;
    }
    return { stdout, stderr: "", exitCode: 0 };
  };
  const inCleaner = (_node: string, argv: readonly string[]) =>
    withCleaner ? run(_node, argv) : Promise.resolve(null);
  const exec: HostExec = { read: run, inAgent: run, inCleaner };
  return { hosts: kubeHosts(exec), ran };
}
