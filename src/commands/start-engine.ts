import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { CrossfadeError, type FailureCode } from "../engine/errors.ts";
import { engineLogPath, socketPath } from "../runner/places.ts";
import type { RunLink } from "../runner/protocol.ts";
import { attach } from "../runner/socket-client.ts";
import type { World } from "./command.ts";
import type { OpenCluster } from "./open-cluster.ts";
import type { ParentMessage } from "./tell-parent.ts";

/** A bug's code is not a foreseen one; the detached engine has printed it to its log. */
function asError({ code, message, remedy }: Extract<ParentMessage, { failure: unknown }>["failure"]): Error {
  return code === "BUG" ? new Error(message) : new CrossfadeError(code satisfies FailureCode, message, remedy);
}

function whenListening(child: ChildProcess, log: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("message", (message: ParentMessage) => {
      if ("listening" in message) resolve();
      else reject(asError(message.failure));
    });
    child.once("error", reject);
    child.once("exit", (code) =>
      reject(new Error(`the engine ended with ${code} before it listened; its log is ${log}`)),
    );
  });
}

/** Attaches to the engine of this cluster on this machine, or starts one in a process and session of its own. */
export async function attachOrStart(
  cluster: OpenCluster,
  engineArguments: readonly string[],
  world: World,
): Promise<RunLink> {
  const path = socketPath(cluster.name, world.env);
  const running = await attach(path);
  if (running) return running;
  const log = engineLogPath(cluster.name, world.env);
  mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
  const file = openSync(log, "a", 0o600);
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? "", "engine", ...engineArguments], {
    detached: true,
    stdio: ["ignore", file, file, "ipc"],
    env: world.env,
  });
  await whenListening(child, log);
  child.unref();
  const link = await attach(path);
  if (link) return link;
  throw new Error(`the engine listens on ${path} but cannot be reached there; its log is ${log}`);
}
