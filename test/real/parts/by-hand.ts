import { join } from "node:path";
import { output } from "../command.ts";
import type { Part } from "../part.ts";
import type { TestBed } from "../test-bed.ts";

const system = ["-n", "kube-system"];
const rollout = ["rollout", "status", "--timeout=600s"];

const nodeConfig = (podCidr: string) => ({
  apiVersion: "cilium.io/v2",
  kind: "CiliumNodeConfig",
  metadata: { namespace: "kube-system", name: "cilium-default", annotations: { "pod-cidr": podCidr } },
  spec: {
    nodeSelector: { matchLabels: { "io.cilium.migration/cilium-default": "true" } },
    defaults: {
      "write-cni-conf-when-ready": "/host/etc/cni/net.d/05-cilium.conflist",
      "custom-cni-conf": "false",
      "cni-chaining-mode": "none",
      "cni-exclusive": "true",
    },
  },
});

/** Asks once a second until the answer pleases; the guide's own commands wait likewise, or by a person's eye. */
async function until(what: string, ask: () => Promise<boolean>, limitMs = 600_000): Promise<void> {
  const giveUpAt = Date.now() + limitMs;
  while (!(await ask().catch(() => false))) {
    if (Date.now() > giveUpAt) throw new Error(`in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** The guide's own check of a moved node: a pod made there gets an address of the new range, and reaches a pod of the old one by HTTP. */
async function verifyNode(bed: TestBed, node: string): Promise<void> {
  const name = `verify-${node}`;
  const target = await bed.kubectl("get", "pods", "-l", "app=nginx", "-o", "jsonpath={.items[*].status.podIP}");
  const [address = ""] = target.split(" ");
  await bed.apply([
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "default" },
      spec: {
        nodeName: node,
        tolerations: [{ operator: "Exists" }],
        terminationGracePeriodSeconds: 0,
        containers: [{ name: "sh", image: bed.options.image ?? "nginx:1.27", command: ["sleep", "3600"] }],
      },
    },
  ]);
  await until(`a pod on ${node} that reaches ${address}`, async () => {
    const ip = await bed.kubectl("get", "pod", name, "-o", "jsonpath={.status.podIP}");
    if (!ip.startsWith("10.245.")) return false;
    await bed.kubectl("exec", name, "--", "curl", "-sf", "-m", "3", "-o", "/dev/null", `http://${address}/`);
    return true;
  });
  await bed.kubectl("delete", "pod", name, "--wait=false");
}

async function moveNode(bed: TestBed, node: string): Promise<void> {
  await bed.kubectl("cordon", node);
  await output(["kubectl", "drain", node, "--ignore-daemonsets", "--delete-emptydir-data"], { limitMs: 600_000 });
  await bed.kubectl("label", "node", node, "--overwrite", "io.cilium.migration/cilium-default=true");
  const there = ["--field-selector", `spec.nodeName=${node}`, "-l", "k8s-app=cilium"];
  await bed.kubectl(...system, "delete", "pod", ...there);
  await bed.kubectl(...system, ...rollout, "daemonset/cilium");
  const [program = "docker"] = bed.options.nodeCommand;
  await output([program, "restart", node], { limitMs: 300_000 });
  await until(`${node} to be Ready, with its agent and its configuration`, async () => {
    await output(["kubectl", ...system, ...rollout, "daemonset/cilium"], { limitMs: 600_000 });
    const files = await bed.shell.output(node, "ls /etc/cni/net.d");
    const ready = '{.status.conditions[?(@.type=="Ready")].status}';
    return (
      files.includes("05-cilium.conflist") &&
      (await bed.kubectl("get", "node", node, "-o", `jsonpath=${ready}`)) === "True"
    );
  });
  await verifyNode(bed, node);
  await bed.kubectl("uncordon", node);
}

/**
 * The commands of Cilium's migration guide in a script, with the guide's own checks: what a whole migration takes without crossfade, on the
 * same cluster of the same machine. https://docs.cilium.io/en/stable/installation/k8s-install-migration/
 */
export const byHand: Part = {
  name: "by-hand",
  summary: "no crossfade: the migration guide's commands in a script, for the time that they take; leaves Cilium",
  onlyByName: true,
  async run(bed) {
    const values = join(bed.folder, "values");
    const planned = await bed.crossfade(["plan", "--values", values, ...bed.options.flags]);
    bed.tally.check("values of both phases are written", planned.code === 0, planned.err);
    const flag = (name: string) => bed.options.flags[bed.options.flags.indexOf(name) + 1] ?? "";
    const own = bed.options.flags.includes("--helm-values") ? ["-f", flag("--helm-values")] : [];
    const helm = (file: string) =>
      output(["helm", "upgrade", "--install", "cilium", flag("--chart"), ...system, ...own, "-f", join(values, file)], {
        limitMs: 300_000,
      });
    const began = Date.now();
    let last = began;
    const phase = (name: string) => {
      bed.tally.say(`   ${name}: ${Math.round((Date.now() - last) / 1000)} s`);
      last = Date.now();
    };
    await helm("values-initial.yaml");
    await bed.kubectl(...system, ...rollout, "deployment/cilium-operator");
    await output(["kubectl", ...system, ...rollout, "daemonset/cilium"], { limitMs: 600_000 });
    await bed.apply([nodeConfig("10.245.0.0/16")]);
    phase("install");
    const workers = await bed.workers();
    const nodes = [...workers, ...(await bed.nodes()).filter((node) => !workers.includes(node))];
    for (const node of nodes) {
      await moveNode(bed, node);
      phase(node);
    }
    await helm("values-final.yaml");
    await bed.kubectl(...system, "rollout", "restart", "daemonset/cilium");
    await output(["kubectl", ...system, ...rollout, "daemonset/cilium"], { limitMs: 600_000 });
    await bed.kubectl(...system, "rollout", "restart", "deployment/cilium-operator");
    await bed.kubectl(...system, ...rollout, "deployment/cilium-operator");
    await bed.kubectl(...system, "delete", "ciliumnodeconfig", "cilium-default");
    await output(["kubectl", "delete", "namespace", "kube-flannel"], { limitMs: 300_000 });
    phase("finalize and removal");
    bed.tally.say(`   by hand: ${Math.round((Date.now() - began) / 1000)} s`);
    await bed.podsReady("on Cilium alone");
  },
};
