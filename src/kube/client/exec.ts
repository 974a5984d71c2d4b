import type { ClientRequest, IncomingMessage } from "node:http";
import type { V1Status } from "@kubernetes/client-node";
import { WebSocket } from "ws";
import { Unavailable } from "../../engine/model/errors.ts";
import type { Fence } from "../lease/fence.ts";
import type { AsJson } from "../objects/kube-object.ts";
import { text } from "../objects/read.ts";
import { ApiError } from "./api-error.ts";
import { backoffMs } from "./backoff.ts";
import type { CallOptions, ExecAnswer, ExecTarget } from "./kube-client.ts";
import { isCertificateRefused } from "./link-trouble.ts";
import type { RequestGate } from "./request-gate.ts";
import { apiError, certificateRefused, hiding, readText, shortWords, whenConnected } from "./send.ts";
import type { Transport } from "./transport.ts";

/** Bytes of each stream that are kept; more would be a log, not an answer. */
const mostBytes = 4 * 1024 * 1024;
const pingEveryMs = 5_000;
const silentMs = 61_000;
const handshakeMs = 15_000;

interface ExecCall extends CallOptions {
  /** Of a command that changes something: asked anew when the connection is there, as the command leaves. */
  readonly fence?: Fence | null;
  readonly writes?: boolean;
}

/**
 * Runs one command in a container, without stdin. A program that could be started answers with its exit code, one that
 * is not in the image with 127; everything else (no pod, dropped socket, no end in time) is Unavailable or ApiError.
 */
export async function execInPod(
  transport: Transport,
  target: ExecTarget,
  argv: readonly string[],
  options: ExecCall = {},
): Promise<ExecAnswer> {
  const asked = { method: "EXEC", path: execPath(target) };
  for (let attempt = 0; ; attempt += 1) {
    const sentAt = transport.timer.now();
    try {
      const answer = await execOnce(transport, target, argv, options);
      transport.granted.answered(asked.method, asked.path);
      return answer;
    } catch (thrown) {
      const judged = await transport.judged(thrown, asked, sentAt);
      // A server that is ready refused it: asked again once, it means what it says.
      if (judged === null && attempt === 0) continue;
      const error = judged ?? thrown;
      if (!(await mayTryAgain(error, attempt, transport, options))) throw error;
    }
  }
}

const execPath = ({ namespace, pod }: ExecTarget) => `/api/v1/namespaces/${namespace}/pods/${pod}/exec`;

/** Resolves when it may be tried again. */
async function mayTryAgain(error: unknown, attempt: number, transport: Transport, call: ExecCall): Promise<boolean> {
  if (error instanceof ApiError) return error.status === 401 && attempt === 0 && transport.credentials.refresh();
  if (!(error instanceof NotConnected) || call.writes === true || attempt + 1 >= mostTries) return false;
  await transport.timer.sleep(backoffMs(attempt, 250, 2_000), call.signal);
  return true;
}

/** The connection broke before the server let it through: a command that only looks may be sent again. */
class NotConnected extends Unavailable {}

/** The API server answers, and yet the command did not run to its end: its pod, its node or its time stood in the way. */
export class ExecUnanswered extends Unavailable {
  constructor(message: string, { namespace, pod }: ExecTarget, options: ErrorOptions & { clearedBy?: string } = {}) {
    super(message, null, { clearedBy: `Pod ${namespace}/${pod} answering`, ...options });
  }
}

const mostTries = 3;

async function execOnce(
  transport: Transport,
  target: ExecTarget,
  argv: readonly string[],
  options: ExecCall,
): Promise<ExecAnswer> {
  const { speedup } = transport.timer;
  const settings = await transport.credentials.current();
  options.signal?.throwIfAborted();
  const query = new URLSearchParams([
    ["container", target.container],
    ["stdout", "true"],
    ["stderr", "true"],
    ...argv.map((argument): [string, string] => ["command", argument]),
  ]);
  const path = `${execPath(target)}?${query.toString()}`;
  const { fence } = options;
  fence?.check();
  // What may go out must be sent and heard of: nothing that can fail comes between.
  await transport.gate.enter(
    options.writes === true ? "write" : "read",
    options.signal ?? new AbortController().signal,
  );
  transport.count("EXEC");
  let refused: unknown = null;
  const socket = new WebSocket(
    settings.server.replace(/^http/, "ws") + path,
    ["v5.channel.k8s.io", "v4.channel.k8s.io"],
    // ws hands header lists to node:http as they are; its types know single values only.
    {
      agent: transport.agent(settings),
      headers: settings.headers as Record<string, string>,
      handshakeTimeout: handshakeMs / speedup,
      perMessageDeflate: false,
      finishRequest: (request) => {
        if (fence) leaveUnder(fence, request, (why) => (refused = why));
        else request.end();
      },
    },
  );
  const hide = hiding(settings);
  const met = tellGate(socket, { gate: transport.gate, server: settings.server, hide }, options.signal);
  try {
    const what = `${argv[0] ?? ""} in ${target.namespace}/${target.pod}`;
    return await conversation(socket, { what, target, hide, speedup }, options);
  } catch (error) {
    throw refused ?? error;
  } finally {
    met.over();
  }
}

/** Sends it if the fence still lets it, and breaks it off when the lease may be taken before it is let through. */
function leaveUnder(fence: Fence, request: ClientRequest, onRefused: (why: unknown) => void): void {
  whenConnected(request, () => {
    try {
      fence.check();
      request.end();
    } catch (thrown) {
      onRefused(thrown);
      request.destroy(new Error("the fence is closed"));
      return;
    }
    // Counted from here: the connection may have been long in coming.
    const late = setTimeout(() => request.destroy(new Error("no answer while the lease lasts")), fence.leftMs());
    for (const end of ["upgrade", "response", "close"]) request.once(end, () => clearTimeout(late));
  });
}

/** Of an exec only its beginning says something of the API server: what comes after is the kubelet's. */
function tellGate(
  socket: WebSocket,
  { gate, server, hide }: { readonly gate: RequestGate; readonly server: string; readonly hide: Said["hide"] },
  signal: AbortSignal | undefined,
): { over(): void } {
  let told = false;
  const answered = gate.sent();
  const tell = (what: () => void) => {
    if (!told) what();
    told = true;
    answered();
  };
  socket.on("open", () => tell(() => gate.answered(0)));
  socket.on("unexpected-response", (_request, { statusCode = 0 }) => {
    tell(() => (statusCode === 503 ? gate.lost("the API server answered 503") : gate.answered(0)));
  });
  socket.on("error", (error) => {
    const { message } = error;
    if (isCertificateRefused(error)) return tell(() => gate.refused(certificateRefused(error, server), 0));
    // The words of ws for a connection that we gave up.
    const late = /before the connection was established|handshake has timed out|while the lease lasts/.test(message);
    const why = late ? `${server} did not answer in time` : `no answer from ${server}: ${hide(message)}`;
    tell(() => (signal?.aborted === true ? gate.calledOff() : gate.lost(why, late)));
  });
  return { over: () => tell(() => gate.calledOff()) };
}

interface Said {
  readonly what: string;
  readonly target: ExecTarget;
  readonly hide: (text: string) => string;
  readonly speedup: number;
}

function conversation(socket: WebSocket, said: Said, options: CallOptions): Promise<ExecAnswer> {
  const { what, target, hide, speedup } = said;
  const streams: Record<1 | 2 | 3, Buffer[]> = { 1: [], 2: [], 3: [] };
  let kept = 0;
  return new Promise((resolve, reject) => {
    let heardAt = Date.now();
    let isOpen = false;
    socket.on("open", () => (isOpen = true));
    const timeoutMs = options.timeoutMs ?? 30_000;
    const stop = (settle: () => void) => {
      clearTimeout(timer);
      clearInterval(ping);
      options.signal?.removeEventListener("abort", aborted);
      settle();
      socket.terminate();
    };
    const fail = (why: string) => stop(() => reject(new ExecUnanswered(`could not run ${what}: ${hide(why)}`, target)));
    const aborted = () => stop(() => reject(options.signal?.reason));
    const timer = setTimeout(() => fail(`no end within ${Math.round(timeoutMs / 1000)} s`), timeoutMs / speedup);
    const ping = setInterval(() => {
      if (Date.now() - heardAt > silentMs / speedup) fail("the connection went silent");
      else if (socket.readyState === WebSocket.OPEN) socket.ping();
    }, pingEveryMs / speedup);
    options.signal?.addEventListener("abort", aborted, { once: true });
    socket.on("pong", () => (heardAt = Date.now()));
    socket.on("unexpected-response", (_request, answer) => {
      void refusal(answer, said).then((error) => stop(() => reject(error)));
    });
    socket.on("message", (data: Buffer) => {
      heardAt = Date.now();
      const channel = data[0];
      if (channel !== 1 && channel !== 2 && channel !== 3) return;
      kept += data.length;
      if (kept > mostBytes) return fail("it wrote more than 4 MiB");
      streams[channel].push(data.subarray(1));
      if (channel === 3) {
        stop(() => {
          const answer = answerOf(streams, said);
          if (answer instanceof Error) reject(answer);
          else resolve(answer);
        });
      }
    });
    socket.on("close", () => fail("the connection closed before its end"));
    socket.on("error", (error) => {
      const { message } = error;
      if (isOpen) fail(message);
      else if (isCertificateRefused(error)) stop(() => reject(certificateRefused(error, "the API server")));
      else stop(() => reject(new NotConnected(`could not run ${what}: ${hide(message)}`)));
    });
  });
}

/** What says something of the API server, and not of the pod that was to be reached: 500 is a kubelet that is out of reach. */
const ofTheServer: ReadonlySet<number> = new Set([429, 502, 503, 504]);

async function refusal(answer: IncomingMessage, { target, hide }: Said): Promise<Error> {
  const head = { status: answer.statusCode ?? 0, headers: answer.headers, hide };
  const body = await readText({ body: answer }, new AbortController().signal).catch(() => "");
  const error = apiError(head, body);
  if (error.status === 401 || error.status === 403) return error;
  const cause = { cause: error };
  // A pod that was replaced never answers again.
  if (error.status === 404) {
    const gone = `Pod ${target.namespace}/${target.pod} to be replaced: ${error.message}`;
    return new ExecUnanswered(gone, target, { ...cause, clearedBy: "the pod that takes its place" });
  }
  return ofTheServer.has(error.status)
    ? new Unavailable(error.message, error.retryAfterMs, cause)
    : new ExecUnanswered(error.message, target, cause);
}

/** A program's output is for us to read, what the kubelet and those before it say of it for people: there they may have echoed us. */
function answerOf(streams: Record<1 | 2 | 3, Buffer[]>, { what, target, hide }: Said): ExecAnswer | Unavailable {
  const stdout = Buffer.concat(streams[1]).toString("utf8");
  const stderr = Buffer.concat(streams[2]).toString("utf8");
  const status = readStatus(Buffer.concat(streams[3]).toString("utf8"));
  if (status.status === "Success") return { stdout, stderr, exitCode: 0 };
  const code = status.details?.causes?.find((cause) => cause.reason === "ExitCode")?.message;
  if (code !== undefined && /^\d+$/.test(code)) return { stdout, stderr, exitCode: Number(code) };
  const message = shortWords(text(status.message, "no reason given"), hide);
  if (/executable file not found|no such file or directory/.test(message))
    return { stdout, stderr: message, exitCode: 127 };
  return new ExecUnanswered(`could not run ${what}: ${message}`, target);
}

function readStatus(said: string): AsJson<V1Status> {
  try {
    return JSON.parse(said) as AsJson<V1Status>;
  } catch {
    return { message: said };
  }
}
