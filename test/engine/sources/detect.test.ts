import { expect, test } from "vitest";
import type { ClusterFacts, WorkloadFacts } from "../../../src/engine/model/facts.ts";
import { detectSource } from "../../../src/engine/sources/detect.ts";
import { flannel } from "../../../src/engine/sources/flannel/flannel.ts";
import { aCluster, aFlannelCluster, aNode, aWorkload, ownedBy } from "../../support/facts.ts";
import { refusal } from "../../support/refusal.ts";

const inSystem = (name: string, over: Partial<WorkloadFacts> = {}) => aWorkload("DaemonSet", "kube-system", name, over);

test("Flannel of its own manifest is recognised", () => {
  expect(detectSource(aFlannelCluster().facts)).toMatchObject({ id: "flannel", namespace: "kube-flannel" });
});

test.each<[string, WorkloadFacts]>([
  ["Weave Net", inSystem("weave-net", { labels: { name: "weave-net" } })],
  ["kube-router", inSystem("kube-router", { images: ["docker.io/cloudnativelabs/kube-router:v2.5.0"] })],
  ["Antrea", inSystem("antrea-agent", { labels: { app: "antrea", component: "antrea-agent" } })],
  ["OVN-Kubernetes", aWorkload("DaemonSet", "ovn-kubernetes", "ovnkube-node")],
  ["kindnet", inSystem("kindnet", { images: ["docker.io/kindest/kindnetd:v20250512"] })],
  ["AWS VPC CNI", inSystem("aws-node", { labels: { "k8s-app": "aws-node" } })],
  ["Azure CNI", inSystem("azure-cns", { labels: { "k8s-app": "azure-cns" } })],
  ["GKE's own network", inSystem("anetd", { labels: { "k8s-app": "cilium" } })],
])("%s is named and refused with its reason", (name, workload) => {
  const { code, message, remedy } = refusal(aCluster().withNodes(2).withWorkloads(workload).facts);
  expect(code).toBe("NO_SOURCE");
  expect(message).toContain(name);
  expect(message).toContain(`${workload.namespace}/${workload.name}`);
  expect(message).toContain("which this version cannot move:");
  expect(remedy).not.toBe("");
});

test("netd on a node of a GKE pool is GKE's, elsewhere nobody's", () => {
  const netd = aCluster().with({ workloads: [inSystem("netd")] });
  const gke = netd.with({ nodes: [aNode("gke-1", { labels: { "cloud.google.com/gke-nodepool": "default" } })] });
  expect(refusal(gke.facts).message).toContain("GKE");
  expect(refusal(netd.withNodes(1).facts).message).toContain("Found no CNI");
});

test("Multus alone is no CNI, and is named", () => {
  const { message } = refusal(
    aCluster()
      .withNodes(1)
      .withWorkloads(inSystem("kube-multus-ds", { labels: { app: "multus" } })).facts,
  );
  expect(message).toContain("Found only Multus");
});

test("a CNI that schedules nothing is only a leftover", () => {
  const facts = aFlannelCluster().withWorkloads(inSystem("calico-node", { desired: 0 })).facts;
  expect(detectSource(facts).id).toBe("flannel");
});

/** Flannel with a DaemonSet for each architecture, as its manifests had until v0.12. */
function byArchitecture(over: Partial<WorkloadFacts> = {}): ClusterFacts {
  const cluster = aFlannelCluster().changeNode("worker-2", { architecture: "arm64" });
  const arm = inSystem("kube-flannel-ds-arm64", {
    namespace: "kube-flannel",
    labels: { app: "flannel" },
    desired: 1,
    ...over,
  });
  const owner = ownedBy("DaemonSet", arm.name);
  const idle = inSystem("kube-flannel-ds-s390x", { namespace: "kube-flannel", desired: 0 });
  return cluster
    .with({ pods: cluster.facts.pods.map((pod) => (pod.node === "worker-2" ? { ...pod, owner } : pod)) })
    .withWorkloads(arm, idle).facts;
}

test("DaemonSets of one Flannel on nodes of their own, one for each architecture, are one source", () => {
  const source = detectSource(byArchitecture());
  expect(source.workloads.map(({ name }) => name)).toEqual([
    "kube-flannel-ds",
    "kube-flannel-ds-arm64",
    "kube-flannel-ds-s390x",
  ]);
  expect(flannel.objects(source).filter(({ kind }) => kind === "DaemonSet")).toHaveLength(3);
});

test("files of all of its DaemonSets go, whatever they are called, and no file that a record names besides", () => {
  const source = detectSource(byArchitecture({ confFiles: ["12-flannel.conf"] }));
  expect(source).toMatchObject({ confFile: "10-flannel.conflist", own: { confFiles: ["12-flannel.conf"] } });
  const gone = ["10-flannel.conflist", "12-flannel.conf"].flatMap((file) => [file, `${file}.cilium_bak`]);
  expect(flannel.leftovers(source).confFiles).toEqual(gone);
  const forged = { confFiles: ["12-flannel.conf", "../../kubernetes/admin.conf", "05-cilium.conflist", "x", 7] };
  expect(flannel.leftovers({ ...source, own: forged }).confFiles).toEqual(gone);
  expect(detectSource(byArchitecture()).own).toBeNull();
});

test("two Flannels with different configurations on nodes of their own are told apart by these nodes, and neither is to go", () => {
  const { message, remedy } = refusal(byArchitecture({ configMaps: ["other-cfg"] }));
  expect(message).toContain("each on nodes of its own");
  expect(message).toContain("kube-flannel/kube-flannel-ds) on control-plane-0, worker-1;");
  expect(message).toContain("kube-flannel/kube-flannel-ds-arm64) on worker-2;");
  expect(remedy).toContain("Leave all of them in place");
  expect(`${message} ${remedy}`).not.toMatch(/remove|delete|leftover/);
});

test("two CNIs that both run are a question that only a person can answer", () => {
  const { message } = refusal(
    aFlannelCluster().withWorkloads(inSystem("kindnet", { labels: { app: "kindnet" } })).facts,
  );
  expect(message).toContain("more than one CNI");
  expect(message).toContain("Flannel");
  expect(message).toContain("kindnet");
});

test("Flannel inside k3s is told from a Flannel that was removed", () => {
  const annotations = { "flannel.alpha.coreos.com/backend-type": "vxlan" };
  const k3s = aCluster().with({ nodes: [aNode("n1", { annotations, kubeletVersion: "v1.33.1+k3s1" })] }).facts;
  expect(refusal(k3s).message).toContain("inside the k3s process");
  const gone = aCluster().with({ nodes: [aNode("n1", { annotations })] }).facts;
  expect(refusal(gone).message).toContain("no DaemonSet runs Flannel");
});

test("a cluster on Cilium has nothing to move", () => {
  expect(refusal(aCluster().withNodes(2).withCilium().facts).message).toContain("nothing to move");
});

test("a Cilium beside Flannel does not hide Flannel", () => {
  expect(detectSource(aFlannelCluster().withCilium().facts).id).toBe("flannel");
});

test("a cluster with nothing at all says so", () => {
  expect(refusal(aCluster().withNodes(1).facts).message).toBe("Found no CNI that runs as a DaemonSet in this cluster");
});
