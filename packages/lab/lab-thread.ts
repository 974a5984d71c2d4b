import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";
import type { LabAddress, LabOptions } from "./lab-options.ts";
import type { LabMessage } from "./lab-worker.ts";

/** A lab in a thread of its own, so that its work never stalls who watches it. */
export interface LabThread {
  readonly address: LabAddress;
  /** Ends the cluster and removes its files; safe to call twice. */
  stop(): Promise<void>;
}

/** How long a lab may take to say goodbye before its thread is cut. */
const farewellMs = 5_000;

/** Rejects when the lab cannot be built; `onCrash` is told when it ends later without having been asked to. */
export function startLabThread(options: LabOptions, onCrash: (error: Error) => void = throwLater): Promise<LabThread> {
  const entry = new URL(import.meta.url.endsWith(".ts") ? "./lab-worker.ts" : "./lab-worker.mjs", import.meta.url);
  const worker = new Worker(entry, { workerData: options });
  const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  return new Promise((resolve, reject) => {
    let fail: (error: Error) => void = reject;
    let asked = false;
    worker.on("error", (error) => fail(error instanceof Error ? error : new Error(String(error))));
    worker.once("exit", (code) => {
      if (!asked) fail(new Error(`the lab's thread ended by itself (exit ${code})`));
    });
    worker.on("message", (message: LabMessage) => {
      if (message.type !== "ready") return;
      const remove = removeAtExit(message.address);
      let crashed = false;
      fail = (error) => {
        if (!crashed) onCrash(error);
        crashed = true;
        remove();
      };
      resolve({
        address: message.address,
        async stop() {
          asked = true;
          worker.postMessage("stop");
          const cut = setTimeout(() => void worker.terminate(), farewellMs);
          await ended;
          clearTimeout(cut);
          remove();
        },
      });
    });
  });
}

/** A thread that is cut cannot clean up behind itself, so its starter does. */
function removeAtExit({ kubeconfig }: LabAddress): () => void {
  const remove = () => rmSync(dirname(kubeconfig), { recursive: true, force: true });
  process.once("exit", remove);
  return () => {
    process.off("exit", remove);
    remove();
  };
}

function throwLater(error: Error): void {
  queueMicrotask(() => {
    throw error;
  });
}
