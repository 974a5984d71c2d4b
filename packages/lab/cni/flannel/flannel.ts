import type { CniDriver } from "../cni-driver.ts";
import { flannelManifest } from "./flannel-manifest.ts";
import { flannelPlugin } from "./flannel-plugin.ts";
import { flanneld } from "./flanneld.ts";
import { installCni, installCniPlugin } from "./install-cni.ts";
import { backends } from "./net-conf.ts";

/** Flannel by its own manifest. */
export const flannel: CniDriver = {
  name: "flannel",
  backends,
  manifest: flannelManifest,
  programs: (world) => [installCniPlugin, installCni, flanneld(world)],
  plugin: () => flannelPlugin,
  daemonSet: { namespace: "kube-flannel", name: "kube-flannel-ds" },
};
