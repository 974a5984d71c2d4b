import type { CniDriver } from "../cni-driver.ts";
import { flannelByArchitecture, flannelManifest } from "./flannel-manifest.ts";
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

/** Flannel with a DaemonSet for each architecture, and a file name for each. */
export const flannelByArch: CniDriver = {
  ...flannel,
  name: "flannel-by-arch",
  manifest: flannelByArchitecture,
  architectures: ["amd64", "arm64"],
  daemonSet: { namespace: "kube-system", name: "kube-flannel" },
};
