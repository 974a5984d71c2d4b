import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type Chart, findChart } from "../../helm/charts/catalog.ts";
import { checkValues } from "../../helm/charts/check-values.ts";
import { defaultValues } from "../../helm/charts/default-values.ts";
import { ciliumConfig } from "../../helm/render/config-map.ts";
import { renderChart } from "../../helm/render/render-chart.ts";
import { overlay, type Values } from "../../helm/values.ts";
import { type ChartFacts, factPath, readFacts, sharedFacts, workloadShape } from "../support/cilium-facts.ts";

function chartOf(version: string): Chart {
  const chart = findChart(version);
  if (!chart) throw new Error(`no chart ${version}`);
  return chart;
}

function render(version: string, user: Values) {
  const chart = chartOf(version);
  const values = overlay(defaultValues(chart), user);
  return renderChart({ chart, values, namespace: "kube-system", existing: () => undefined });
}

function config(version: string, user: Values) {
  const chart = chartOf(version);
  return ciliumConfig(chart, overlay(defaultValues(chart), user));
}

const facts = sharedFacts();

describe.runIf(facts).each(["1.16.19", "1.18.12", "1.20.0"])(
  "the chart of %s against what helm rendered",
  (version) => {
    const read = () => readFacts<ChartFacts>(`cilium/chart-${version}.json`);
    const values = (name: string) => parse(readFileSync(factPath(`cilium/values-${name}.yaml`), "utf8")) as Values;

    test("has the same objects with the same labels in the same order", () => {
      const shapes = render(version, values("initial")).map(
        ({ apiVersion, kind, metadata: { name, namespace, labels } }) => ({
          apiVersion,
          kind,
          ...(namespace ? { namespace } : {}),
          name,
          ...(labels ? { labels } : {}),
        }),
      );
      expect(shapes).toEqual(read().objects);
    });

    test("has every key of cilium-config for the hybrid phase", () => {
      expect(config(version, values("initial"))).toEqual(read().ciliumConfig.initial);
    });

    test("changes exactly the documented keys with the final values", () => {
      const [initial, final] = [config(version, values("initial")), config(version, values("final"))];
      const keys = [...new Set([...Object.keys(initial), ...Object.keys(final)])].filter(
        (key) => initial[key] !== final[key],
      );
      const difference = Object.fromEntries(
        keys.map((key) => [key, { initial: initial[key] ?? null, final: final[key] ?? null }]),
      );
      expect(difference).toEqual(read().ciliumConfig.differenceInFinal);
    });

    test("has workloads of the same shape", () => {
      const shapes = render(version, values("initial"))
        .filter(({ kind }) => kind === "DaemonSet" || kind === "Deployment")
        .map(workloadShape);
      expect(shapes).toEqual(read().workloads.map(plain));
    });
  },
);

/** The facts name undefined what JSON cannot say. */
function plain(workload: unknown): unknown {
  return workload;
}

describe("values and their consequence in cilium-config", () => {
  const rows: readonly (readonly [
    sentence: string,
    version: string,
    values: Values,
    expected: Readonly<Record<string, string | undefined>>,
  ])[] = [
    [
      "customConf leaves the conf file alone",
      "1.18.12",
      { cni: { customConf: true } },
      { "write-cni-conf-when-ready": undefined, "cni-exclusive": undefined, "custom-cni-conf": "true" },
    ],
    [
      "readCniConf takes over at once, customConf or not",
      "1.18.12",
      { cni: { customConf: true, readCniConf: "/x" } },
      { "write-cni-conf-when-ready": "/host/etc/cni/net.d/05-cilium.conflist", "cni-exclusive": undefined },
    ],
    ["the watcher's interval is a bare number up to 1.18", "1.18.12", {}, { "unmanaged-pod-watcher-interval": "15" }],
    ["and a duration in 1.20", "1.20.0", {}, { "unmanaged-pod-watcher-interval": "15s" }],
    [
      "restart false turns the watcher off",
      "1.20.0",
      { operator: { unmanagedPodWatcher: { restart: false } } },
      { "unmanaged-pod-watcher-interval": "0" },
    ],
    [
      "an empty selector is kept: it means all pods",
      "1.19.8",
      { operator: { unmanagedPodWatcher: { selector: "" } } },
      { "pod-restart-selector": "" },
    ],
    ["no tunnel port is rendered by default", "1.18.12", {}, { "tunnel-port": undefined, "tunnel-protocol": "vxlan" }],
    [
      "geneve on its own port",
      "1.18.12",
      { tunnelProtocol: "geneve", tunnelPort: 6082 },
      { "tunnel-port": "6082", "tunnel-protocol": "geneve" },
    ],
    [
      "the default pool is all of 10/8",
      "1.18.12",
      {},
      { "cluster-pool-ipv4-cidr": "10.0.0.0/8", "cluster-pool-ipv4-mask-size": "24" },
    ],
    [
      "several pools are joined by a space",
      "1.18.12",
      { ipam: { operator: { clusterPoolIPv4PodCIDRList: ["10.1.0.0/16", "10.2.0.0/16"] } } },
      { "cluster-pool-ipv4-cidr": "10.1.0.0/16 10.2.0.0/16" },
    ],
    [
      "setNodeTaints follows removeNodeTaints when it says nothing",
      "1.18.12",
      { operator: { removeNodeTaints: false } },
      { "set-cilium-node-taints": "false", "remove-cilium-node-taints": "false" },
    ],
    [
      "setNodeTaints may be off alone",
      "1.18.12",
      { operator: { setNodeTaints: false } },
      { "set-cilium-node-taints": "false", "remove-cilium-node-taints": "true" },
    ],
    [
      "chaining forces legacy host routing",
      "1.18.12",
      { cni: { chainingMode: "portmap" } },
      { "cni-chaining-mode": "portmap", "enable-host-legacy-routing": "true" },
    ],
    [
      "policy enforcement is written in small letters",
      "1.18.12",
      { policyEnforcementMode: "Never" },
      { "enable-policy": "never" },
    ],
    [
      "without hubble its keys are gone",
      "1.18.12",
      { hubble: { enabled: false } },
      { "enable-hubble": "false", "hubble-listen-address": undefined },
    ],
    ["an MTU of its own", "1.18.12", { MTU: 1400 }, { mtu: "1400" }],
    ["uninstall is rendered only when true", "1.18.12", { cni: { uninstall: true } }, { "cni-uninstall": "true" }],
    ["values that nobody knows change nothing", "1.18.12", { nonsense: { deep: 1 } }, { nonsense: undefined }],
  ];
  test.each(rows)("%s", (_sentence, version, values, expected) => {
    const keys = config(version, values);
    for (const [key, value] of Object.entries(expected)) expect(keys[key], key).toBe(value);
  });
});

describe("values that the chart refuses", () => {
  const rows: readonly (readonly [sentence: string, values: Values, message: RegExp])[] = [
    ["a port as text", { tunnelPort: "8473" }, /'\/tunnelPort': got string, want integer/],
    ["a switch as text", { cni: { customConf: "true" } }, /cni\/customConf': got string/],
    ["the overlay value of old", { tunnel: "vxlan" }, /tunnel is gone since 1\.15/],
    ["a half replacement of kube-proxy", { kubeProxyReplacement: "partial" }, /must be true or false/],
    ["a cluster id without a name", { cluster: { id: 3 } }, /cluster\.id other than 0/],
    ["a tunnel that does not exist", { tunnelProtocol: "gre" }, /must be vxlan or geneve/],
  ];
  test.each(rows)("%s", (_sentence, values, message) => {
    const chart = chartOf("1.18.12");
    expect(() => checkValues(chart, overlay(defaultValues(chart), values), 4)).toThrow(message);
  });

  test("the chart's own defaults pass in every version", () => {
    for (const version of ["1.16.19", "1.17.0", "1.18.12", "1.19.1", "1.20.2"]) {
      const chart = chartOf(version);
      expect(() => checkValues(chart, defaultValues(chart), 3)).not.toThrow();
    }
  });
});

test("versions that do not exist are not found", () => {
  for (const version of ["1.15.19", "1.16.20", "1.20.9", "1.21.0", "2.0.0", "nonsense"])
    expect(findChart(version)).toBeNull();
  expect(findChart("v1.18.12")?.version).toBe("1.18.12");
});
