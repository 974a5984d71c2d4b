import { parentPort, workerData } from "node:worker_threads";
import { createLab } from "./lab.ts";
import type { LabAddress, LabOptions } from "./lab-options.ts";

/** What the worker says: once when the cluster has settled, and once when it is gone. */
export type LabMessage = { readonly type: "ready"; readonly address: LabAddress } | { readonly type: "stopped" };

const port = parentPort;
if (!port) throw new Error("lab-worker is a worker thread's entry, not a program");
const say = (message: LabMessage) => port.postMessage(message);

const lab = await createLab(workerData as LabOptions);
port.on("message", (message: unknown) => {
  if (message !== "stop") return;
  void lab.stop().then(() => {
    say({ type: "stopped" });
    port.close();
  });
});
say({ type: "ready", address: lab.address });
