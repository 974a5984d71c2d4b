import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";
import { dirname } from "node:path";
import { CrossfadeError } from "../../engine/model/errors.ts";
import type { Failure } from "../../engine/model/reason.ts";
import { makeFolder, openOwnFile } from "../../journal/own-folder.ts";
import { type ClusterName, engineLogPath, socketPath } from "../../runner/places.ts";
import type { RunLink } from "../../runner/protocol.ts";
import { attach } from "../../runner/socket-client.ts";
import type { World } from "../command.ts";
import { ownEntry } from "./own-build.ts";
import type { ParentMessage } from "./tell-parent.ts";

/** An engine that is starting in a process and session of its own. */
export interface StartedEngine {
  /** Resolves once it listens and is attached to. */
  readonly link: Promise<RunLink>;
  /** Rejects with what kept it from coming as far as a plan; never resolves. */
  readonly failed: Promise<never>;
}

/** A bug's code is not a foreseen one; the detached engine has printed it to its log. */
function asError({ code, reason }: Failure): Error {
  if (code !== "BUG") return new CrossfadeError(code, reason);
  return new Error(reason.code === "bug" ? reason.params.stack : reason.code);
}

interface Words {
  readonly listening: Promise<void>;
  readonly failed: Promise<never>;
}

/** What the child says over its channel, and what its silence means. */
function hear(child: ChildProcess, log: string, onWaits: (sentence: string) => void): Words {
  const listening = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<never>();
  let planned = false;
  const fail = (error: Error) => {
    listening.reject(error);
    failed.reject(error);
  };
  child.on("message", (message: ParentMessage) => {
    if ("waits" in message) onWaits(message.waits);
    else if ("listening" in message) listening.resolve();
    else if ("planned" in message) planned = true;
    else fail(asError(message.failure));
  });
  child.once("error", fail);
  child.once("exit", (code, signal) => {
    const how = signal === null ? `with ${code}` : `by ${signal}`;
    if (!planned) fail(new Error(`the engine ended ${how} before it had a plan; its log is ${log}`));
  });
  // Whoever shows the panel waits for one of the two; the other must not count as unheard.
  listening.promise.catch(() => undefined);
  failed.promise.catch(() => undefined);
  return { listening: listening.promise, failed: failed.promise };
}

async function attachWhen(listening: Promise<void>, path: string, log: string): Promise<RunLink> {
  await listening;
  const link = await attach(path);
  if (link) return link;
  throw new Error(`the engine listens on ${path} but cannot be reached there; its log is ${log}`);
}

interface Log {
  readonly path: string;
  readonly file: number;
}

/** A read-only home or a full disk must not keep the engine from starting: then what it prints is lost. */
function openLog(path: string): Log {
  try {
    makeFolder(dirname(path));
    return { path, file: openOwnFile(path, "append") };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return { path: `not written (${why})`, file: openSync(devNull, "a") };
  }
}

/** Starts the engine of a cluster, detached: it outlives this process. `onWaits` hears what it waits for at first. */
export function startEngineProcess(
  cluster: ClusterName,
  engineArguments: readonly string[],
  world: World,
  onWaits: (sentence: string) => void = () => undefined,
): StartedEngine {
  const path = socketPath(cluster, world.env);
  const { path: log, file } = openLog(engineLogPath(cluster, world.env));
  const child = spawn(process.execPath, [...process.execArgv, ownEntry, "engine", ...engineArguments], {
    detached: true,
    stdio: ["ignore", file, file, "ipc"],
    env: world.env,
  });
  closeSync(file);
  child.unref();
  const { listening, failed } = hear(child, log, onWaits);
  return { link: attachWhen(listening, path, log), failed };
}
