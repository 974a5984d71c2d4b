import type { Scenario } from "../scenario.ts";
import { deployment, plants } from "./odd-pods.ts";

/** An upload that is not passed on yet, a cache that takes a day to fill: only its owner knows. */
export const dataInEmptyDir: Scenario = {
  name: "data-in-empty-dir",
  summary: "a pod on worker-1 keeps its data in an emptyDir, which goes with the pod",
  answer:
    "Refuses to begin, naming pod and volume; one that comes later fails its node before anything of it is evicted, and the run stops.",
  options: "Save the data and delete the pod; or allow the loss for all such pods with `--delete-emptydir-data`.",
  begin: plants(
    deployment({
      name: "uploads",
      spec: { volumes: [{ name: "spool", emptyDir: {} }] },
      container: { volumeMounts: [{ name: "spool", mountPath: "/spool" }] },
    }),
  ),
};
