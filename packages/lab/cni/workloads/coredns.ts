import type { Program } from "../../program.ts";
import { apiError, type ProgramWorld } from "../api-access.ts";

/** Serves once it has reached the API, and goes on serving what it knows when the API is away. */
export function coredns({ network }: ProgramWorld): Program {
  return {
    name: "coredns",
    matches: (image) => /coredns/.test(image),
    start(context) {
      const readyAt = context.clock.now() + context.random.between(200, 800);
      let synced = false;
      return {
        ready() {
          if (synced || context.clock.now() < readyAt) return synced;
          const error = apiError(context, network);
          synced = error === null;
          context.log(
            synced ? ".:53\nCoreDNS-1.12.0" : `[INFO] plugin/ready: Still waiting on: "kubernetes" (${error})`,
          );
          return synced;
        },
      };
    },
  };
}
