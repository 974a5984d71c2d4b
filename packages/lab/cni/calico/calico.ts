import type { CniDriver } from "../cni-driver.ts";
import { flanneld } from "../flannel/flanneld.ts";
import { calicoNode } from "./calico-node.ts";
import { canalManifest } from "./canal-manifest.ts";
import { installCni, otherInits } from "./install-cni.ts";
import { kubeControllers } from "./kube-controllers.ts";
import { calicoManifest } from "./manifest.ts";
import { tigeraOperator } from "./operator.ts";
import { operatorManifest } from "./operator-objects.ts";
import { calicoPlugin } from "./plugin.ts";
import { calicoExamples } from "./policy/examples.ts";
import { felixGuard } from "./policy/felix-guard.ts";

/** Calico by its own manifest. */
export const calicoByManifest: CniDriver = {
  name: "calico-manifest",
  backends: ["vxlan", "vxlan-crosssubnet", "ipip", "ipip-crosssubnet"],
  manifest: calicoManifest,
  programs: (world) => [otherInits, installCni, calicoNode(world), kubeControllers],
  guard: felixGuard,
  policyExamples: calicoExamples,
  plugin: calicoPlugin,
  daemonSet: { namespace: "kube-system", name: "calico-node" },
};

/** Calico by its operator, which puts back what others take away. */
export const calicoByOperator: CniDriver = {
  ...calicoByManifest,
  name: "calico-operator",
  manifest: operatorManifest,
  programs: (world) => [...calicoByManifest.programs(world), tigeraOperator(world)],
  daemonSet: { namespace: "calico-system", name: "calico-node" },
};

/** Flannel's network with Calico's policies. */
export const canal: CniDriver = {
  name: "canal",
  backends: ["vxlan"],
  manifest: canalManifest,
  programs: (world) => [otherInits, installCni, calicoNode(world), kubeControllers, flanneld(world)],
  guard: felixGuard,
  policyExamples: calicoExamples,
  plugin: calicoPlugin,
  daemonSet: { namespace: "kube-system", name: "canal" },
};
