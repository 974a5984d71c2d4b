import { namespaceManifest } from "../../../src/kube/nodes/own-namespace-manifest.ts";
import { FakeServer, json, status } from "./fake-server.ts";
import { OneObject } from "./one-object.ts";

/** As much of a Lease as a lock reads. */
export interface Lease {
  metadata: { name: string; resourceVersion: string; annotations?: Record<string, string> };
  spec: { holderIdentity: string; renewTime: string; leaseDurationSeconds: number; leaseTransitions: number };
}

/** This machine's clocks, which the test may set, or stop. */
export class TestClocks {
  wallAheadMs = 0;
  steadyAheadMs = 0;
  readonly read = () => ({
    wall: Date.now() + this.wallAheadMs,
    steady: performance.now() + this.steadyAheadMs,
  });
}

/** As much of an API server as a lease needs. */
export class LeaseServer extends OneObject<Lease> {
  refuse: number | null = null;
  before: (() => Promise<void>) | null = null;
  namespace: object = namespaceManifest;
  server!: FakeServer;

  async start(): Promise<void> {
    this.server = await FakeServer.start(async (seen, response) => {
      if (seen.method === "PUT") await this.before?.();
      if (seen.path.startsWith("/api/v1/namespaces")) return json(response, 200, this.namespace);
      if (this.refuse !== null) return status(response, this.refuse, "Trouble");
      return this.serve(seen, response);
    });
  }
}
