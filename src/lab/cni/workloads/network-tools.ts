import { pause } from "../../clock.ts";
import type { Destination, Network } from "../../network/reach.ts";
import type { ContainerContext, ExecResult } from "../../program.ts";

type ToolContext = Pick<ContainerContext, "pod" | "clock" | "signal">;

/** One attempt to talk to somebody, as a command line asked for it. */
interface Attempt {
  readonly host: string;
  readonly port: number;
  readonly protocol: Destination["protocol"];
  readonly timeoutMs: number;
}

type Outcome =
  | { readonly kind: "answered"; readonly ip: string; readonly source: string }
  | { readonly kind: "dns" | "refused" | "timeout" | "other"; readonly reason: string };

/** A resolver asks once more after this long before it gives up. */
const resolverPatienceMs = 5_000;

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
    case "wget":
    case "curl":
      return fetchUrl(network, context, [command.split("/").at(-1) ?? "", ...args]);
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

async function attempt(
  network: Network,
  context: ToolContext,
  { host, port, protocol, timeoutMs }: Attempt,
): Promise<Outcome> {
  if (port < 1 || port > 65_535) return { kind: "other", reason: `invalid port ${port}` };
  const resolved = network.resolve(context.pod, host);
  if ("error" in resolved) {
    if (!/no such host/.test(resolved.error)) await pause(context.clock, resolverPatienceMs, context.signal);
    return { kind: "dns", reason: resolved.error };
  }
  const reached = network.fromPod(context.pod, { ip: resolved.ip, port, protocol });
  if (reached.ok) return { kind: "answered", ip: resolved.ip, source: reached.source };
  if (reached.reason.startsWith("connection refused")) return { kind: "refused", reason: reached.reason };
  await pause(context.clock, timeoutMs, context.signal);
  return { kind: "timeout", reason: reached.reason };
}

async function nslookup(network: Network, context: ToolContext, args: readonly string[]): Promise<ExecResult> {
  const name = firstWord(args);
  const resolved = network.resolve(context.pod, name);
  if ("ip" in resolved) return { stdout: `Name:\t${name}\nAddress: ${resolved.ip}\n`, stderr: "", exitCode: 0 };
  const unknown = /no such host/.test(resolved.error);
  if (!unknown) await pause(context.clock, resolverPatienceMs, context.signal);
  return {
    ...said(
      1,
      unknown ? `** server can't find ${name}: NXDOMAIN` : ";; connection timed out; no servers could be reached",
    ),
    stdout: "",
  };
}

const curlCodes = { dns: 6, refused: 7, timeout: 28, other: 3, certificate: 60 } as const;

async function fetchUrl(
  network: Network,
  context: ToolContext,
  [tool = "curl", ...args]: readonly string[],
): Promise<ExecResult> {
  const url = urlIn(args);
  if (!url) return said(3, `${tool}: no URL to fetch`);
  const seconds = option(args, ["--max-time", "-m", "--connect-timeout", "-T", "--timeout"]) ?? "120";
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  const timeoutMs = duration(seconds);
  const outcome = await attempt(network, context, { host: url.hostname, port, protocol: "tcp", timeoutMs });
  if (outcome.kind !== "answered") return refusedBy(tool, outcome.kind, failure(outcome, url.hostname, port));
  const trusts = args.some((word) => /^(--insecure|--no-check-certificate|-[a-zA-Z]*k[a-zA-Z]*)$/.test(word));
  if (url.protocol === "https:" && !trusts)
    return refusedBy(tool, "certificate", "SSL certificate problem: self-signed");
  return { stdout: body(url), stderr: "", exitCode: 0 };
}

function urlIn(args: readonly string[]): URL | null {
  const text = args.find((word) => /^https?:\/\//.test(word)) ?? args.findLast((word) => !word.startsWith("-")) ?? "";
  return URL.parse(/^https?:/.test(text) ? text : `http://${text}`);
}

function firstWord(args: readonly string[]): string {
  return args.find((argument) => !argument.startsWith("-")) ?? "";
}

/** curl has a code for each failure, wget has one. */
function refusedBy(tool: string, kind: keyof typeof curlCodes, reason: string): ExecResult {
  const code = tool === "curl" ? curlCodes[kind] : 1;
  return said(code, `${tool}: (${code}) ${reason}`);
}

function failure(outcome: Exclude<Outcome, { readonly kind: "answered" }>, host: string, port: number): string {
  if (outcome.kind === "dns") return `Could not resolve host: ${host}`;
  if (outcome.kind === "refused") return `Failed to connect to ${host} port ${port}: Connection refused`;
  return outcome.kind === "timeout" ? `Connection to ${host} port ${port} timed out` : outcome.reason;
}

/** The API server's health pages say ok; any other server of the lab answers one line. */
function body({ pathname, protocol }: URL): string {
  const secure = protocol === "https:";
  if (secure && /^\/(healthz|livez|readyz)\b/.test(pathname)) return "ok";
  if (secure)
    return `${JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", reason: "Forbidden", code: 403 })}\n`;
  return "crossfade-lab answers\n";
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
