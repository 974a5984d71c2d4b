import type { Scenario } from "../scenario.ts";
import { breakFirstNode } from "./first-node.ts";

/** DHCP without a reservation. */
export const nodeBackNewAddress: Scenario = {
  name: "node-back-new-address",
  summary: "the first node comes back from its reboot under another InternalIP",
  answer:
    "Warns with both addresses and goes on: overlays follow the new one, and the node is only uncordoned once traffic passes both ways.",
  options:
    "None is needed; where traffic does not pass, `verify` fails the node, with retry, roll back or skip as the choices.",
  begin: (stage) => breakFirstNode(stage, "new-address"),
};
