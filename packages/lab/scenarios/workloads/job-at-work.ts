import type { Scenario } from "../scenario.ts";
import { oddNode, plants, podOf, shop, startsOn } from "./odd-pods.ts";

const { metadata, spec } = podOf({ name: "backup", spec: { ...startsOn(oddNode), restartPolicy: "Never" } });

/** An hour of work, unless it is stopped. */
const container = { ...spec.containers[0], command: ["sleep", "3600"] };

export const jobAtWork: Scenario = {
  name: "job-at-work",
  summary: "a Job with backoffLimit 0 is at work on worker-1: an eviction fails it for good",
  answer:
    "Warns before the run that such pods start over and that this counts against backoffLimit; then evicts them as any other.",
  options: "Let the Job end first; or give it a podFailurePolicy that ignores DisruptionTarget; or leave the node out.",
  begin: plants([
    "batch/jobs",
    {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "backup", namespace: shop },
      spec: { backoffLimit: 0, template: { metadata, spec: { ...spec, containers: [container] } } },
    },
  ]),
};
