import type { Program } from "../../program.ts";
import type { ProgramWorld } from "../api-access.ts";
import { sentDatagrams } from "./datagrams.ts";
import { runNetworkTool } from "./network-tools.ts";

/** Images that are there to be exec'ed into and that serve HTTP when told to (agnhost netexec). */
export function netToolImages({ network }: ProgramWorld): Program {
  return {
    name: "network tools",
    matches: (image) => /agnhost|netshoot|curlimages\/curl|dnsutils/.test(image),
    start(context) {
      const readyAt = context.clock.now() + context.random.between(100, 400);
      if (context.argv.includes("netexec")) context.log("Started HTTP server on port 8080");
      return {
        ready: () => context.clock.now() >= readyAt,
        exec: async (argv) => (await sentDatagrams(network, context, argv)) ?? runNetworkTool(network, context, argv),
      };
    },
  };
}
