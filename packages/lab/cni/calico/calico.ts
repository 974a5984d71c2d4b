import type { CniDriver } from "../cni-driver.ts";
import { calicoNode } from "./calico-node.ts";
import { installCni, otherInits } from "./install-cni.ts";
import { kubeControllers } from "./kube-controllers.ts";
import { calicoManifest } from "./manifest.ts";
import { calicoPlugin } from "./plugin.ts";
import { felixGuard } from "./policy/felix-guard.ts";

/** Calico by its own manifest. */
export const calicoByManifest: CniDriver = {
  name: "calico-manifest",
  backends: ["vxlan", "vxlan-crosssubnet", "ipip"],
  manifest: calicoManifest,
  programs: (world) => [otherInits, installCni, calicoNode(world), kubeControllers],
  guard: felixGuard,
  plugin: calicoPlugin,
  daemonSet: { namespace: "kube-system", name: "calico-node" },
};
