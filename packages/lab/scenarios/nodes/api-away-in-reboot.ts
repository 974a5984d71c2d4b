import type { Scenario, Stage } from "../scenario.ts";

/** As seen with kubeadm: 40 to 60 s without an API, then some in which only system:masters are let in. */
const restart = { awayMs: 45_000, unsyncedMs: 5_000 };

const lookEveryMs = 500;

/** Where the API server is taken to be: on the first control plane. */
const apiNode = ({ store }: Stage): string =>
  store.list("nodes").find(({ metadata }) => "node-role.kubernetes.io/control-plane" in (metadata.labels ?? {}))
    ?.metadata.name ?? "";

/** One control plane is all that this cluster has, whatever the lab made. */
export const apiAwayInReboot: Scenario = {
  name: "api-away-in-reboot",
  summary:
    "the first control plane takes the API server with it when it reboots; coming back it answers 403 for a while",
  answer:
    "Says that the API server does not answer and since when, stops all clocks, and goes on when it is back; a 403 of what was allowed before is asked again.",
  options: "Nothing: pods talk on meanwhile.",
  begin(stage) {
    const name = apiNode(stage);
    let wasUp = true;
    stage.clock.every(lookEveryMs, () => {
      const isUp = stage.machines.get(name)?.up ?? true;
      if (wasUp && !isUp) stage.restartApi(restart);
      wasUp = isUp;
    });
  },
};
