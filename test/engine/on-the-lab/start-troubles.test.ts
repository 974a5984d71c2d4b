import type { KubeObject } from "crossfade-lab/objects.ts";
import { ApiError } from "crossfade-lab/store/api-error.ts";
import type { ApiStore } from "crossfade-lab/store/api-store.ts";
import { afterEach, expect, test } from "vitest";
import { type LabRun, World } from "../../support/lab/lab-run.ts";
import { said } from "../../support/said.ts";

let world: World;
let run: LabRun;
afterEach(() => world.close());

/** Images that no registry has just now. */
let missing = /e2e-test-images|quay\.io\/cilium/;
/** What admission says to each pod of this DaemonSet; null lets all pass. */
let refused: { readonly owner: string; readonly because: string } | null = null;

const refuse = (owner: string, because: string) => {
  refused = { owner, because };
};

/** The API server's plugins stand before its storage. */
function admit(store: { create: ApiStore["create"] }): void {
  const create = store.create.bind(store);
  store.create = ((resource, object, options) => {
    if (resource === "pods" && refused !== null && object.metadata.ownerReferences?.[0]?.name === refused.owner)
      throw new ApiError(403, "Forbidden", `pods "${refused.owner}-x" is forbidden: ${refused.because}`);
    return create(resource, object, options);
  }) as ApiStore["create"];
}

const taint = (taints: readonly object[]) => {
  for (const { metadata } of world.lab.store.list("nodes"))
    world.lab.store.change("nodes", null, metadata.name, (node: KubeObject & { spec?: object }) => {
      node.spec = { ...node.spec, taints };
    });
};

/** As a person does who does not want to wait for the kubelet's next try. */
function deletePods(named: RegExp): void {
  for (const { metadata } of world.lab.store.list("pods"))
    if (named.test(metadata.name)) world.lab.store.delete("pods", metadata.namespace ?? null, metadata.name);
}

interface Chapter {
  readonly what: string;
  /** Mends what the chapter before was about, as its remedy says, and brings the next trouble about. */
  readonly begin: () => void;
  readonly because: RegExp;
  readonly clearedBy: RegExp;
}

const chapters: readonly Chapter[] = [
  {
    what: "probes that PodSecurity refuses",
    begin: () =>
      refuse("crossfade-probe", 'violates PodSecurity "restricted:latest": restricted volume types (volume "cni")'),
    because:
      /^the probe pods on \S+, \S+, \S+ to be Ready \(no pod of crossfade-probe may be made: pods "crossfade-probe-x" is forbidden: violates PodSecurity "restricted:latest"/,
    clearedBy: /^kubectl label --overwrite namespace crossfade pod-security\.kubernetes\.io\/enforce=privileged$/,
  },
  {
    what: "probes that a quota refuses",
    begin: () => refuse("crossfade-probe", "exceeded quota: small, requested: pods=1, used: pods=0, limited: pods=0"),
    because: /may be made: .*exceeded quota: small, requested: pods=1/,
    clearedBy: /^room in ResourceQuota crossfade\/small /,
  },
  {
    what: "probes that a LimitRange refuses",
    begin: () => refuse("crossfade-probe", "minimum cpu usage per Container is 50m, but request is 5m"),
    because: /may be made: .*minimum cpu usage per Container is 50m/,
    clearedBy: /^a LimitRange in namespace crossfade that /,
  },
  {
    what: "probes whose image no registry has",
    begin: () => {
      refused = null;
    },
    because:
      /^the probe pods on \S+, \S+, \S+ to be Ready \(crossfade-probe-\S+: (ErrImagePull|ImagePullBackOff): .*agnhost.*; \d more like it\)$/,
    clearedBy: /^a registry that gives the node this image \(crossfade plan lists/,
  },
  {
    what: "an operator that no node takes, for their taints",
    begin: () => {
      missing = /quay\.io\/cilium/;
      deletePods(/^crossfade-probe/);
    },
    because:
      /^the CRDs .* \(cilium-operator-\S+: Unschedulable: 0\/\d nodes are available: .*untolerated taint \{dedicated: ?apps\}/,
    clearedBy: /^a node without such a taint \(kubectl taint node NODE KEY-\)$/,
  },
  {
    what: "an operator whose image no registry has",
    begin: () => taint([]),
    because: /^the CRDs .* \(cilium-operator-\S+: (ErrImagePull|ImagePullBackOff): .*operator/,
    clearedBy: /^a registry that/,
  },
  {
    what: "agents that a quota refuses",
    begin: () => {
      refuse("cilium", "insufficient quota to match these scopes: [{PriorityClass In [system-node-critical]}]");
      missing = /quay\.io\/cilium\/cilium:/;
      deletePods(/^cilium-/);
    },
    because: /^an agent pod on \S+ \(no pod of cilium may be made: .*insufficient quota to match these scopes/,
    clearedBy: /^a ResourceQuota in namespace kube-system that admits pods of this PriorityClass$/,
  },
  {
    what: "agents whose image no registry has",
    begin: () => {
      refused = null;
    },
    because: /^the Cilium agent on \S+ to be Ready \((ErrImagePull|ImagePullBackOff): /,
    clearedBy: /^a registry that/,
  },
];

test("whatever keeps probe, operator and agents from starting is said with what clears it; mended, the run goes on", async () => {
  const badImages = Object.assign(/./, { test: (image: string) => missing.test(image) });
  world = await World.make({ seed: 54, speed: 20, badImages });
  admit(world.lab.store as { create: ApiStore["create"] });
  // Neither Flannel nor a probe minds it; Cilium's operator does.
  taint([{ key: "dedicated", value: "apps", effect: "NoSchedule" }]);
  run = world.start({ consents: ["nodes"] });
  for (const { what, begin, because, clearedBy } of chapters) {
    begin();
    await run.until(what, ({ hold }) => because.test(said(hold).because));
    expect(said(run.state.hold).clearedBy, what).toMatch(clearedBy);
  }
  missing = /^no image$/;
  deletePods(/^cilium-/);
  await run.until("the nodes to begin", ({ steps }) => steps.nodes !== undefined);
});
