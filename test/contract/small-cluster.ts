import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startApiServer } from "crossfade-lab/api/server.ts";
import { ScaledClock } from "crossfade-lab/clock.ts";
import { evictPod } from "crossfade-lab/controllers/eviction.ts";
import { startControllers } from "crossfade-lab/controllers/start-controllers.ts";
import { seededRandom } from "crossfade-lab/random.ts";
import { createStore } from "crossfade-lab/store/create-store.ts";
import { kubeconfigText } from "./kubeconfig-text.ts";
import { standInKubelet } from "./stand-in-kubelet.ts";
import type { Subject } from "./subject.ts";

/** Store, controllers and HTTP server of the lab with a stand-in for kubelets: what the contract holds to account. */
export async function startSmallCluster(): Promise<Subject> {
  const faults: unknown[] = [];
  const clock = new ScaledClock(1);
  const random = seededRandom(1);
  const store = createStore({ clock, random, onFault: (fault) => faults.push(fault) });
  for (const name of ["default", "kube-node-lease", "kube-system"]) {
    store.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  const kubelet = standInKubelet(store, clock, ["n1", "n2", "n3"]);
  const controllers = startControllers({
    store,
    clock,
    random,
    clusterCidr: "10.244.0.0/16",
    serviceCidr: "10.96.0.0/16",
  });
  const token = "contract";
  const server = await startApiServer({
    store,
    clock,
    token,
    version: "v1.33.4",
    pods: kubelet,
    evict: (namespace, name, body) => evictPod(store, clock, namespace, name, body),
    onFault: (fault) => faults.push(fault),
  });
  const folder = mkdtempSync(path.join(tmpdir(), "crossfade-contract-"));
  const kubeconfig = path.join(folder, "kubeconfig");
  writeFileSync(kubeconfig, kubeconfigText(server.secureUrl, server.certificateAuthority, token), { mode: 0o600 });
  return {
    kubeconfig,
    folder,
    runsPods: true,
    faults: () => faults,
    async close() {
      controllers.stop();
      kubelet.stop();
      await server.close();
      clock.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
