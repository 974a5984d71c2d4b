import type { KubeObject } from "../../objects.ts";
import { truthy } from "../values.ts";
import { accessObjects } from "./access.ts";
import { agentDaemonSet } from "./agent-daemon-set.ts";
import type { ChartContext } from "./chart-context.ts";
import { hasEnvoy } from "./config-map.ts";
import { envoyDaemonSet } from "./envoy-daemon-set.ts";
import { operatorDeployment } from "./operator-deployment.ts";
import { configurationObjects, serviceObjects } from "./plain-objects.ts";

/** All objects of the chart for these values, in the order in which helm creates them. */
export function renderChart(context: ChartContext): readonly KubeObject[] {
  return [
    ...configurationObjects(context),
    ...accessObjects(context),
    ...serviceObjects(context),
    agentDaemonSet(context),
    ...(hasEnvoy(context.values) ? [envoyDaemonSet(context)] : []),
    ...(truthy(context.values, "operator.enabled") ? [operatorDeployment(context)] : []),
  ];
}
