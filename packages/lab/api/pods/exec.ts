import type { WebSocket } from "ws";
import type { ExecResult } from "../../program.ts";
import { ApiError } from "../../store/api-error.ts";
import type { ContainerTarget, PodAccess } from "./pod-access.ts";

/** First byte of every frame of the channel protocols. */
const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, close: 255 } as const;

/** As the kubelet cuts a stream into frames. */
const frameBytes = 32 * 1024;

/** Subprotocols that we speak, the better first: only v5 can close stdin alone. */
export const execProtocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"] as const;

/** Runs one command over an accepted WebSocket and closes it with the command's Status on channel 3. */
export async function serveExec(socket: WebSocket, target: ContainerTarget, query: URLSearchParams, pods: PodAccess) {
  const wantsStdin = query.get("stdin") === "true" || query.get("stdin") === "1";
  const stdin = readStdin(socket);
  socket.on("error", () => socket.terminate());
  const run = async () => pods.exec(target, query.getAll("command"), ...(wantsStdin ? [stdin] : []));
  const status = await run().then(
    (result) => {
      if (query.get("stdout") !== "false") send(socket, channel.stdout, result.stdout);
      if (query.get("stderr") !== "false") send(socket, channel.stderr, result.stderr);
      return statusOf(result);
    },
    (error: unknown) => refusal(error),
  );
  send(socket, channel.error, JSON.stringify(status));
  socket.close(1000);
}

/** Everything on channel 0 up to its close frame, or up to the end of the socket. */
function readStdin(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const finish = () => resolve(Buffer.concat(chunks).toString("utf8"));
    socket.on("message", (data: Buffer) => {
      if (data[0] === channel.stdin) chunks.push(data.subarray(1));
      else if (data[0] === channel.close && data[1] === channel.stdin) finish();
    });
    socket.once("close", finish);
  });
}

function send(socket: WebSocket, to: number, text: string): void {
  const bytes = Buffer.from(text, "utf8");
  for (let at = 0; at < bytes.length; at += frameBytes) {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(Buffer.concat([Buffer.of(to), bytes.subarray(at, at + frameBytes)]));
  }
}

function statusOf({ exitCode }: ExecResult) {
  if (exitCode === 0) return { metadata: {}, status: "Success" };
  return {
    metadata: {},
    status: "Failure",
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: String(exitCode) }] },
  };
}

function refusal(error: unknown) {
  if (error instanceof ApiError) return error.status;
  const message = error instanceof Error ? error.message : String(error);
  return new ApiError(500, "InternalError", `Internal error occurred: ${message}`).status;
}
