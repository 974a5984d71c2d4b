import { type Program, ProgramExit } from "../../program.ts";
import { mountedFile } from "./net-conf.ts";

/** First init container: puts the plugin's binary on the node. */
export const installCniPlugin: Program = {
  name: "flannel install-cni-plugin",
  matches: (image, container) => /flannel-cni-plugin/.test(image) && container === "install-cni-plugin",
  async runToEnd({ argv, machine }) {
    const target = argv.at(-1);
    if (!target?.startsWith("/")) throw new ProgramExit(1, "cp: missing destination file operand");
    machine.disk.set(target, "flannel CNI plugin v1.9.1-flannel3");
  },
};

/** Second init container: writes the configuration at every start of the pod, whoever renamed the last one. */
export const installCni: Program = {
  name: "flannel install-cni",
  matches: (image, container) => /flannel(:|@|$)/.test(image) && container === "install-cni",
  async runToEnd(context) {
    const [from = "", to = ""] = context.argv.slice(-2);
    const file = from.split("/").at(-1) ?? "";
    context.machine.disk.set(to, mountedFile(context, file));
  },
};
