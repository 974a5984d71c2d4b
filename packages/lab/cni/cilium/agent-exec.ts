import type { ExecResult } from "../../program.ts";
import type { ProgramWorld } from "../api-access.ts";
import type { AgentLife } from "./agent.ts";
import { configFolder } from "./agent-config.ts";
import { agentStatus } from "./agent-status.ts";
import { overlayHealth } from "./overlay-health.ts";
import { endpointList } from "./policies/endpoint-list.ts";
import { dropMetrics, monitored } from "./verdict-log.ts";
import { versionOf } from "./version.ts";

/** What can be run in the agent's container besides the kubelet's toolbox; null where that should answer. */
export function agentExec(
  life: AgentLife,
  world: ProgramWorld,
  { argv, ends }: { readonly argv: readonly string[]; readonly ends: AbortSignal },
): ExecResult | null | Promise<ExecResult> {
  const [command = "", ...rest] = argv;
  switch (command.split("/").at(-1) ?? "") {
    case "cilium":
    case "cilium-dbg":
      return rest[0] === "monitor" ? monitor(life, ends) : dbg(life, world, rest);
    case "cilium-health":
      return health(life, world, rest);
    case "cat":
    case "ls":
      return readConfig(life, command, rest);
    default:
      return null;
  }
}

function dbg(life: AgentLife, world: ProgramWorld, args: readonly string[]): ExecResult {
  const { text } = versionOf(life.context.image);
  switch (args.find((argument) => !argument.startsWith("-")) ?? "") {
    case "status":
      return statusOf(life, world, args);
    case "bpf":
      return args.includes("metrics")
        ? metrics(life)
        : failed(`Error: the lab's agent knows "bpf metrics list" and nothing else below "bpf"`);
    case "version":
      return ok(
        `Client: ${text} crossfade-lab go version go1.24 linux/amd64\nDaemon: ${text} crossfade-lab go version go1.24 linux/amd64\n`,
      );
    case "config":
      return policyConfig(life, args.slice(args.indexOf("config") + 1));
    case "endpoint":
      return args.includes("list")
        ? printed(endpointList(life), args, (all) => `${all.length} endpoints\n`)
        : failed(`Error: the lab's agent knows "endpoint list" and nothing else below "endpoint"`);
    default:
      return failed(
        `Error: unknown command "${args[0] ?? ""}" for "cilium-dbg" (the lab's agent knows status, version, config, endpoint list, bpf metrics and monitor)`,
      );
  }
}

/** Without arguments what can be set, else it is set: `cilium-dbg config PolicyAuditMode=Enabled`. */
function policyConfig({ policies, range }: AgentLife, args: readonly string[]): ExecResult {
  if (range === null) return failed("Error while retrieving configuration: dial unix /var/run/cilium/cilium.sock");
  const wanted = args.filter((one) => !one.startsWith("-"));
  if (wanted.length === 0) {
    const { enforcement, audits } = policies.wanted;
    const rows = Object.entries({
      PolicyAuditMode: audits ? "Enabled" : "Disabled",
      PolicyVerdictNotification: "Enabled",
      MonitorNumPages: "64",
      PolicyEnforcement: enforcement,
    });
    return ok(
      `##### Read-write configurations #####\n${rows.map(([key, value]) => `${key.padEnd(34)}: ${value}\n`).join("")}`,
    );
  }
  for (const option of wanted) {
    const [name = "", value = ""] = option.split("=");
    const isMode = ["never", "default", "always"].includes(value);
    if (name === "PolicyEnforcement" && isMode) policies.set({ enforcement: value });
    else if (name === "PolicyAuditMode") policies.set({ audits: /^(enable|enabled|true)$/i.test(value) });
    else return failed(`Unable to change agent configuration: unknown option ${option}`);
  }
  return ok("");
}

function statusOf(life: AgentLife, world: ProgramWorld, args: readonly string[]): ExecResult {
  if (life.range === null)
    return failed(
      'Cannot get status: Get "http://localhost/v1/healthz": dial unix /var/run/cilium/cilium.sock: connect: no such file or directory',
    );
  return printed(agentStatus(life, world), args, (status) => brief(status));
}

function metrics({ context: { machine } }: AgentLife): ExecResult {
  const stdout = dropMetrics(machine);
  return { stdout, stderr: stdout === "" ? "No entries found.\n" : "", exitCode: 0 };
}

async function monitor({ context: { machine }, range }: AgentLife, ends: AbortSignal): Promise<ExecResult> {
  if (range === null) return failed("Cannot open monitor socket: dial unix /var/run/cilium/monitor1_2.sock");
  const stdout = await monitored(machine, ends);
  return { stdout, stderr: "Press Ctrl-C to quit\n", exitCode: 0 };
}

function health(life: AgentLife, world: ProgramWorld, args: readonly string[]): ExecResult {
  if (args[0] !== "status")
    return failed(`Error: unknown command "${args[0] ?? ""}" for "cilium-health" (the lab's agent knows status)`);
  if (!life.ready) return failed("Cannot get status: connect: connection refused. Is the agent running?");
  return printed(overlayHealth(life, world), args, ({ nodes }) =>
    nodes
      .map(({ name, host, "health-endpoint": endpoint }) => {
        const word = (status: string) => (status === "" ? "OK" : status);
        return `  ${name}:\n    Host connectivity: ${word(host["primary-address"].icmp.status)}\n    Endpoint connectivity: ${word(endpoint["primary-address"].icmp.status)}\n`;
      })
      .join(""),
  );
}

function readConfig({ config }: AgentLife, command: string, args: readonly string[]): ExecResult | null {
  const paths = args.filter((argument) => !argument.startsWith("-"));
  if (paths.length === 0 || !paths.every((path) => path === configFolder || path.startsWith(`${configFolder}/`)))
    return null;
  const lines: string[] = [];
  for (const path of paths) {
    const key = path.slice(configFolder.length + 1).replace(/\/$/, "");
    if (command.endsWith("ls") && key === "") {
      lines.push(...[...config.keys()].sort().map((name) => `${name}\n`));
      continue;
    }
    const value = config.get(key);
    if (value === undefined) {
      return {
        ...failed(
          `${command}: ${command.endsWith("ls") ? `cannot access '${path}'` : path}: No such file or directory`,
        ),
        stdout: lines.join(""),
      };
    }
    lines.push(command.endsWith("ls") ? `${path}\n` : value);
  }
  return ok(lines.join(""));
}

function brief(status: ReturnType<typeof agentStatus>): string {
  return [
    `Kubernetes:   ${status.kubernetes.state}   ${status.kubernetes.msg}`,
    `Cilium:       ${status.cilium.state}   ${status.cilium.msg}`,
    `CNI Config file:  ${status["cni-file"].msg}`,
    `IPAM:         IPv4: ${status.ipam.status}`,
    `Controller Status:  ${status.controllers.length}/${status.controllers.length} healthy`,
  ]
    .join("\n")
    .concat("\n");
}

function printed<T>(value: T, args: readonly string[], text: (value: T) => string): ExecResult {
  const json = args.some(
    (argument, index) =>
      argument === "-ojson" ||
      argument === "--output=json" ||
      (/^(-o|--output)$/.test(argument) && args[index + 1] === "json"),
  );
  return ok(json ? `${JSON.stringify(value, null, 2)}\n` : text(value));
}

function ok(stdout: string): ExecResult {
  return { stdout, stderr: "", exitCode: 0 };
}

function failed(message: string): ExecResult {
  return { stdout: "", stderr: `${message}\n`, exitCode: 1 };
}
