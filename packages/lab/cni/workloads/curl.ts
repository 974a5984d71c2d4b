import type { ExecResult } from "../../program.ts";
import type { Outcome } from "./network-tools.ts";

/** One URL that a command line of curl asks for, and how. */
export interface CurlRequest {
  readonly url: URL;
  readonly timeoutMs: number;
  /** Of the largest packet that the request needs. */
  readonly bytes: number;
  readonly trusts: boolean;
}

type Fetch = (request: CurlRequest) => Promise<{ readonly outcome: Outcome; readonly tookMs: number }>;

interface CommandLine {
  readonly urls: readonly string[];
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly switches: ReadonlySet<string>;
}

const withValue = new Set(
  "-m --max-time --connect-timeout -H --header -o --output -w --write-out --noproxy".split(" "),
);

function read(args: readonly string[]): CommandLine {
  const urls: string[] = [];
  const values = new Map<string, string[]>();
  const switches = new Set<string>();
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? "";
    if (withValue.has(word)) {
      values.set(word, [...(values.get(word) ?? []), args[at + 1] ?? ""]);
      at += 1;
    } else if (word.startsWith("--")) switches.add(word);
    else if (word.startsWith("-")) for (const letter of word.slice(1)) switches.add(`-${letter}`);
    else urls.push(word);
  }
  return { urls, values, switches };
}

/** An Ethernet frame's worth at most: TCP cuts what is longer. */
const mtu = 1_450;
const headers = 160;
const codes = { answered: 0, dns: 6, refused: 7, timeout: 28, other: 3, certificate: 60 } as const;

interface Transfer {
  readonly code: number;
  readonly error: string;
  readonly connected: boolean;
  readonly tookMs: number;
  readonly body: string;
}

async function transfer(fetch: Fetch, request: CurlRequest): Promise<Transfer> {
  const { outcome, tookMs } = await fetch(request);
  const { hostname, protocol } = request.url;
  const port = Number(request.url.port || (protocol === "https:" ? 443 : 80));
  const kind = outcome.kind === "answered" && protocol === "https:" && !request.trusts ? "certificate" : outcome.kind;
  return {
    code: codes[kind],
    error: wordsOf(kind, outcome, { hostname, port, timeoutMs: request.timeoutMs }),
    connected: outcome.kind === "answered" || (outcome.kind === "timeout" && outcome.connected),
    tookMs,
    body: kind === "answered" ? body(request.url) : "",
  };
}

interface Aim {
  readonly hostname: string;
  readonly port: number;
  readonly timeoutMs: number;
}

function wordsOf(kind: keyof typeof codes, outcome: Outcome, { hostname, port, timeoutMs }: Aim): string {
  switch (kind) {
    case "answered":
      return "";
    case "dns":
      return `Could not resolve host: ${hostname}`;
    case "refused":
      return `Failed to connect to ${hostname} port ${port} after 0 ms: Couldn't connect to server`;
    case "certificate":
      return "SSL certificate problem: self-signed certificate";
    case "other":
      return outcome.kind === "other" ? outcome.reason : "";
    case "timeout":
      return late(outcome, timeoutMs);
    default:
      return kind satisfies never;
  }
}

function late(outcome: Outcome, timeoutMs: number): string {
  if (outcome.kind !== "timeout") return "";
  if (outcome.resolving) return `Resolving timed out after ${timeoutMs} milliseconds`;
  if (!outcome.connected) return `Connection timed out after ${timeoutMs} milliseconds`;
  return `Operation timed out after ${timeoutMs} milliseconds with 0 bytes received`;
}

/** The API server's health pages say ok; any other server of the lab answers one line. */
export function body({ pathname, protocol }: URL): string {
  const secure = protocol === "https:";
  if (secure && /^\/(healthz|livez|readyz)\b/.test(pathname)) return "ok";
  if (secure)
    return `${JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", reason: "Forbidden", code: 403 })}\n`;
  return "crossfade-lab answers\n";
}

function written(format: string, number: number, { code, error, connected, tookMs }: Transfer): string {
  const seconds = (tookMs / 1_000).toFixed(6);
  const variables: Readonly<Record<string, string>> = {
    urlnum: String(number),
    exitcode: String(code),
    errormsg: error,
    http_code: code === 0 ? "200" : "000",
    time_connect: connected ? seconds : "0.000000",
    time_total: seconds,
  };
  return format.replaceAll("\\n", "\n").replace(/%\{(\w+)\}/g, (all, name: string) => variables[name] ?? all);
}

function requestsOf({ values, switches }: CommandLine, urls: readonly URL[]): readonly CurlRequest[] {
  const given = (...names: readonly string[]) => names.flatMap((name) => values.get(name) ?? []);
  const fill = given("-H", "--header").join("").length;
  const timeoutMs = 1_000 * Number(given("-m", "--max-time", "--connect-timeout").at(-1) ?? 120);
  const trusts = switches.has("-k") || switches.has("--insecure");
  return urls.map((url) => ({ url, timeoutMs, bytes: Math.min(mtu, headers + fill), trusts }));
}

/** curl as far as probes use it: several URLs at a time, a limit for each, and --write-out. */
export async function runCurl(fetch: Fetch, args: readonly string[]): Promise<ExecResult> {
  const line = read(args);
  const urls = line.urls.flatMap((url) => URL.parse(/^https?:/.test(url) ? url : `http://${url}`) ?? []);
  if (line.urls.length === 0) return { stdout: "", stderr: "curl: (2) no URL specified\n", exitCode: 2 };
  if (urls.length < line.urls.length) return { stdout: "", stderr: "curl: (3) URL rejected\n", exitCode: 3 };
  const transfers = await Promise.all(requestsOf(line, urls).map((request) => transfer(fetch, request)));
  return printed(line, transfers);
}

function printed({ values, switches }: CommandLine, transfers: readonly Transfer[]): ExecResult {
  const keeps = values.has("-o") || values.has("--output");
  const format = [...(values.get("-w") ?? []), ...(values.get("--write-out") ?? [])].at(-1) ?? "";
  const failed = transfers.find(({ code }) => code !== 0);
  return {
    stdout: transfers.map((one, number) => (keeps ? "" : one.body) + written(format, number, one)).join(""),
    stderr: switches.has("-s") && !switches.has("-S") ? "" : complaint(failed),
    exitCode: failed?.code ?? 0,
  };
}

const complaint = (failed: Transfer | undefined): string =>
  failed === undefined ? "" : `curl: (${failed.code}) ${failed.error}\n`;
