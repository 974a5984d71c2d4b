import { pause } from "../../clock.ts";
import type { Destination, Network } from "../../network/reach.ts";
import type { ContainerContext, ExecResult } from "../../program.ts";
import { body, runCurl } from "./curl.ts";

type ToolContext = Pick<ContainerContext, "pod" | "clock" | "signal">;

/** One attempt to talk to somebody, as a command line asked for it. */
interface Attempt {
  readonly host: string;
  readonly port: number;
  readonly protocol: Destination["protocol"];
  readonly timeoutMs: number;
  /** The limit is for looking the name up as well: curl's is, agnhost's is not. */
  readonly limitsAll?: boolean;
  /** Of the largest packet that the request needs; small where it is not said. */
  readonly bytes?: number;
}

/** What became of one attempt to talk to somebody. */
export type Outcome =
  | { readonly kind: "answered"; readonly ip: string; readonly source: string }
  | { readonly kind: "timeout"; readonly reason: string; readonly connected: boolean; readonly resolving?: true }
  | { readonly kind: "dns" | "refused" | "other"; readonly reason: string };

/** How long Go's resolver goes through a pod's search list before it gives up on a DNS server that says nothing. */
const resolverPatienceMs = 27_500;
/** And nslookup. */
const lookupPatienceMs = 5_000;

/** agnhost connect, nslookup, wget and curl as far as probes use them; null for any other command. */
export async function runNetworkTool(
  network: Network,
  context: ToolContext,
  argv: readonly string[],
): Promise<ExecResult | null> {
  const [command = "", ...args] = argv;
  switch (command.split("/").at(-1) ?? "") {
    case "agnhost":
      return args[0] === "connect" ? agnhostConnect(network, context, args.slice(1)) : null;
    case "nslookup":
      return nslookup(network, context, args);
    case "curl":
      return curl(network, context, args);
    case "wget":
      return wget(network, context, args);
    // In none of these images.
    case "nft":
      return { stdout: "", stderr: 'exec: "nft": executable file not found in $PATH', exitCode: 127 };
    default:
      return null;
  }
}

/** Silent on success; one word and a reason on stderr otherwise. */
async function agnhostConnect(network: Network, context: ToolContext, args: readonly string[]): Promise<ExecResult> {
  const address = firstWord(args);
  const [, host, port] = /^(.+):(\d+)$/.exec(address) ?? [];
  if (host === undefined) return said(1, `OTHER: address ${address}: missing port in address`);
  const protocol = option(args, ["--protocol"]) ?? "tcp";
  if (protocol !== "tcp" && protocol !== "udp") return said(1, `OTHER: the lab's agnhost does not speak ${protocol}`);
  const timeoutMs = duration(option(args, ["--timeout"]) ?? "1s");
  const word = connectWord(await attempt(network, context, { host, port: Number(port), protocol, timeoutMs }));
  return said(word === "" ? 0 : 1, word);
}

function connectWord(outcome: Outcome): string {
  switch (outcome.kind) {
    case "answered":
      return "";
    case "timeout":
      return "TIMEOUT";
    case "refused":
      return "REFUSED";
    case "dns":
      return `DNS: ${outcome.reason}`;
    case "other":
      return `OTHER: ${outcome.reason}`;
    default:
      return outcome satisfies never;
  }
}

async function attempt(network: Network, context: ToolContext, asked: Attempt): Promise<Outcome> {
  if (asked.port < 1 || asked.port > 65_535) return { kind: "other", reason: `invalid port ${asked.port}` };
  const resolved = network.resolve(context.pod, asked.host);
  if ("error" in resolved) return unresolved(context, asked, resolved.error);
  return connected(network, context, asked, resolved.ip);
}

async function unresolved(
  context: ToolContext,
  { timeoutMs, limitsAll = false }: Attempt,
  reason: string,
): Promise<Outcome> {
  if (/no such host/.test(reason)) return { kind: "dns", reason };
  const isLate = limitsAll && timeoutMs < resolverPatienceMs;
  await pause(context.clock, isLate ? timeoutMs : resolverPatienceMs, context.signal);
  return isLate ? { kind: "timeout", reason, connected: false, resolving: true } : { kind: "dns", reason };
}

async function connected(
  network: Network,
  context: ToolContext,
  { port, protocol, timeoutMs, bytes = 0 }: Attempt,
  ip: string,
): Promise<Outcome> {
  const to = { ip, port, protocol };
  const small = network.fromPod(context.pod, to);
  const reached = small.ok && bytes > 0 ? network.fromPod(context.pod, { ...to, bytes }) : small;
  if (reached.ok) return { kind: "answered", ip, source: reached.source };
  if (reached.reason.startsWith("connection refused")) return { kind: "refused", reason: reached.reason };
  await pause(context.clock, timeoutMs, context.signal);
  return { kind: "timeout", reason: reached.reason, connected: small.ok };
}

async function nslookup(network: Network, context: ToolContext, args: readonly string[]): Promise<ExecResult> {
  const name = firstWord(args);
  const resolved = network.resolve(context.pod, name);
  if ("ip" in resolved) return { stdout: `Name:\t${name}\nAddress: ${resolved.ip}\n`, stderr: "", exitCode: 0 };
  const unknown = /no such host/.test(resolved.error);
  if (!unknown) await pause(context.clock, lookupPatienceMs, context.signal);
  return {
    ...said(
      1,
      unknown ? `** server can't find ${name}: NXDOMAIN` : ";; connection timed out; no servers could be reached",
    ),
    stdout: "",
  };
}

function curl(network: Network, context: ToolContext, args: readonly string[]): Promise<ExecResult> {
  return runCurl(async ({ url, timeoutMs, bytes }) => {
    const began = context.clock.now();
    const aim = { host: url.hostname, port: portOf(url), protocol: "tcp", limitsAll: true } as const;
    const outcome = await attempt(network, context, { ...aim, timeoutMs, bytes });
    return { outcome, tookMs: context.clock.now() - began };
  }, args);
}

const portOf = ({ port, protocol }: URL): number => Number(port || (protocol === "https:" ? 443 : 80));

async function wget(network: Network, context: ToolContext, args: readonly string[]): Promise<ExecResult> {
  const url = urlIn(args);
  if (!url) return said(1, "wget: no URL to fetch");
  const timeoutMs = duration(option(args, ["-T", "--timeout"]) ?? "120");
  const aim = { host: url.hostname, port: portOf(url), protocol: "tcp" } as const;
  const outcome = await attempt(network, context, { ...aim, timeoutMs });
  if (outcome.kind !== "answered") return said(1, `wget: ${failure(outcome, url.hostname, portOf(url))}`);
  if (url.protocol === "https:" && !args.includes("--no-check-certificate"))
    return said(1, "wget: SSL certificate problem: self-signed");
  return { stdout: body(url), stderr: "", exitCode: 0 };
}

function urlIn(args: readonly string[]): URL | null {
  const text = args.find((word) => /^https?:\/\//.test(word)) ?? args.findLast((word) => !word.startsWith("-")) ?? "";
  return URL.parse(/^https?:/.test(text) ? text : `http://${text}`);
}

function firstWord(args: readonly string[]): string {
  return args.find((argument) => !argument.startsWith("-")) ?? "";
}

function failure(outcome: Exclude<Outcome, { readonly kind: "answered" }>, host: string, port: number): string {
  if (outcome.kind === "dns") return `Could not resolve host: ${host}`;
  if (outcome.kind === "refused") return `Failed to connect to ${host} port ${port}: Connection refused`;
  return outcome.kind === "timeout" ? `Connection to ${host} port ${port} timed out` : outcome.reason;
}

/** The value of an option given as --name=value, --name value or -nvalue. */
function option(args: readonly string[], names: readonly string[]): string | undefined {
  for (const [index, argument] of args.entries()) {
    for (const name of names) {
      if (argument === name) return args[index + 1];
      if (argument.startsWith(`${name}=`)) return argument.slice(name.length + 1);
      if (name.length === 2 && argument.startsWith(name) && /^\d/.test(argument.slice(2))) return argument.slice(2);
    }
  }
  return undefined;
}

function duration(text: string): number {
  const [, amount = "1", unit = "s"] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text) ?? [];
  return Number(amount) * { ms: 1, s: 1_000, m: 60_000 }[unit as "ms" | "s" | "m"];
}

function said(exitCode: number, stderr: string): ExecResult {
  return { stdout: "", stderr: stderr === "" ? "" : `${stderr}\n`, exitCode };
}
