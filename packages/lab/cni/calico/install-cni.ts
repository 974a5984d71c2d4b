import { type Program, ProgramExit } from "../../program.ts";
import { binDir, confDir } from "../disk.ts";
import { variable } from "./environment.ts";

const plugins = ["bandwidth", "flannel", "host-local", "loopback", "portmap", "tuning"];

/** Puts plugins, configuration and kubeconfig on the node, at every start of the pod, whoever renamed the last one. */
export const installCni: Program = {
  name: "calico install-cni",
  matches: (image, container) => /calico\/cni(:|@|$)/.test(image) && container === "install-cni",
  async runToEnd(context) {
    const { machine } = context;
    const template = variable(context, "CNI_NETWORK_CONFIG");
    const name = variable(context, "CNI_CONF_NAME");
    if (!template || !name) throw new ProgramExit(1, "CNI_NETWORK_CONFIG is not set");
    for (const plugin of ["calico", "calico-ipam"])
      machine.disk.set(`${binDir}/${plugin}`, "calico CNI plugin v3.31.7");
    for (const plugin of plugins)
      if (!machine.disk.has(`${binDir}/${plugin}`)) machine.disk.set(`${binDir}/${plugin}`, "ELF");
    machine.disk.set(`${confDir}/calico-kubeconfig`, kubeconfig());
    machine.disk.set(
      `${confDir}/${name}`,
      template
        .replaceAll("__KUBERNETES_NODE_NAME__", machine.name)
        .replaceAll("__CNI_MTU__", variable(context, "CNI_MTU") ?? "0")
        .replaceAll("__KUBECONFIG_FILEPATH__", `${confDir}/calico-kubeconfig`),
    );
    context.log(`Created ${confDir}/${name}`);
  },
};

/** Container that runs before it, and ends where there is nothing to upgrade or to mount. */
export const otherInits: Program = {
  name: "calico init containers",
  matches: (image, container) =>
    /calico\/(cni|node)(:|@|$)/.test(image) && /^(upgrade-ipam|ebpf-bootstrap|mount-bpffs)$/.test(container),
  async runToEnd() {},
};

function kubeconfig(): string {
  return [
    "# Kubeconfig file for Calico CNI plugin. Installed by calico/node.",
    "apiVersion: v1",
    "kind: Config",
    "clusters:",
    "- name: local",
    "  cluster:",
    "    server: https://10.96.0.1:443",
    "users:",
    "- name: calico",
    "  user:",
    "    token: lab",
    "contexts:",
    "- name: calico-context",
    "  context:",
    "    cluster: local",
    "    user: calico",
    "current-context: calico-context",
    "",
  ].join("\n");
}
