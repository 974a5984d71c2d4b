import { pause } from "../../clock.ts";
import type { Program } from "../../program.ts";
import { binDir } from "../disk.ts";
import { versionOf } from "./version.ts";

const agentImage = /cilium\/cilium(:|@|$)/;

/** Init container install-cni-binaries: the plugin and, where it is missing, loopback. Cilium brings no others. */
export const installCniBinaries: Program = {
  name: "cilium install-cni-binaries",
  matches: (image, container) => agentImage.test(image) && container === "install-cni-binaries",
  async runToEnd({ machine, image }) {
    machine.disk.set(`${binDir}/cilium-cni`, `cilium-cni ${versionOf(image).text}`);
    if (!machine.disk.has(`${binDir}/loopback`)) machine.disk.set(`${binDir}/loopback`, "loopback");
  },
};

/** The agent's other init containers: mounts and sysctls, of which the lab's machines only show the file. */
export const hostPreparation: Program = {
  name: "cilium host preparation",
  matches: (image, container) =>
    agentImage.test(image) &&
    /^(mount-cgroup|apply-sysctl-overwrites|mount-bpf-fs|clean-cilium-state)$/.test(container),
  async runToEnd({ machine, container, clock, random, signal }) {
    await pause(clock, random.between(20, 120), signal);
    if (container !== "apply-sysctl-overwrites") return;
    machine.disk.set(
      "/etc/sysctl.d/99-zzz-override_cilium.conf",
      "net.ipv4.conf.lxc*.rp_filter = 0\nnet.ipv4.conf.cilium_*.rp_filter = 0\n",
    );
  },
};

/** The separate proxy of 1.16 and later: it carries nothing that the lab models. */
export const envoy: Program = {
  name: "cilium-envoy",
  matches: (image) => /cilium\/cilium-envoy/.test(image),
  start(context) {
    const { clock, random } = context;
    const readyAt = clock.now() + random.between(300, 900);
    context.log("all dependencies initialized. starting workers");
    return { ready: () => clock.now() >= readyAt };
  },
};
