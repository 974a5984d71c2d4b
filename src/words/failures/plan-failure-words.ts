import { failed, type SayersOf } from "../said.ts";

const namesContext = "check the context with: kubectl get nodes";

/** Why no plan can be made. */
export const planFailureWords: SayersOf<
  | "not-a-range"
  | "no-free-range"
  | "no-cilium-version"
  | "cilium-too-old"
  | "pod-cidr-not-ipv4"
  | "pod-cidr-no-network"
  | "number-out-of-bounds"
  | "no-nodes"
  | "no-member-to-move"
  | "values-refused"
> = {
  "not-a-range": ({ range }) => failed(`"${range}" is no address range`, "write it as 192.0.2.0/24"),
  "no-free-range": ({ nodes, maskSize }) =>
    failed(
      `No private range is free for ${nodes} nodes with a /${maskSize} each`,
      "name one with --pod-cidr, or make the pieces smaller with --mask-size",
    ),
  "no-cilium-version": ({ version }) =>
    failed(`"${version}" is no Cilium version`, "give it as --cilium-version 1.18.12"),
  "cilium-too-old": ({ version }) =>
    failed(
      `Cilium ${version} is too old: before 1.16 the chart names its values otherwise, and has no CiliumNodeConfig v2`,
      "choose --cilium-version 1.16 or newer",
    ),
  "pod-cidr-not-ipv4": ({ range }) => failed(`"${range}" is no IPv4 range`, "give it as --pod-cidr 10.245.0.0/16"),
  "pod-cidr-no-network": ({ range, network }) =>
    failed(`${range} is no network address`, `give it as --pod-cidr ${network}`),
  "number-out-of-bounds": ({ option, value, low, high }) =>
    failed(`${option} ${value} is not a whole number from ${low} to ${high}`, `give ${option} such a number`),
  "no-nodes": () => failed("The cluster has no nodes", namesContext),
  "no-member-to-move": () => failed("The cluster has no node to move", namesContext),
  "values-refused": ({ problems }) => {
    const count = problems.length > 1 ? ` (${problems.length} values)` : "";
    return failed(
      `The values file cannot be used${count}: ${problems.join("; ")}`,
      "change the values file, then run crossfade plan again",
    );
  },
};
