import type { Scenario } from "../scenario.ts";
import { oddNode, plants, podOf, shop } from "./odd-pods.ts";

const { metadata, spec } = podOf({ name: "debug", spec: { nodeName: oddNode } });

/** kubectl run, left behind by somebody who looked for something. */
export const barePod: Scenario = {
  name: "bare-pod",
  summary: "a pod without a controller runs on worker-1, and nothing would bring it back",
  answer:
    "Refuses to begin, naming the pod; one that comes later fails its node before anything of it is evicted, and the run stops.",
  options: "Move or delete the pod yourself and retry; or let such pods be deleted for good with `--delete-bare-pods`.",
  begin: plants([
    "pods",
    { apiVersion: "v1", kind: "Pod", metadata: { ...metadata, name: "debug", namespace: shop }, spec },
  ]),
};
