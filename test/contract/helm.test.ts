import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deployment } from "./manifests.ts";
import { runTool } from "./run-tool.ts";
import type { Subject } from "./subject.ts";
import { candidates, pairUp } from "./subjects.ts";
import { toolboxes } from "./tools.ts";

const boxes = await toolboxes();
const pairs = pairUp(candidates(), boxes).map(
  ([candidate, box]) => [box.helmMajor, candidate.name, candidate, box] as const,
);

/** A chart of one ConfigMap and one Deployment. */
function writeChart(folder: string): string {
  const chart = path.join(folder, "tiny");
  mkdirSync(path.join(chart, "templates"), { recursive: true });
  writeFileSync(path.join(chart, "Chart.yaml"), "apiVersion: v2\nname: tiny\nversion: 0.1.0\n");
  writeFileSync(path.join(chart, "values.yaml"), "color: white\nreplicas: 0\n");
  const config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: tiny}\ndata: {color: {{ .Values.color }}}\n";
  const { namespace: _, ...metadata } = deployment("tiny", "").metadata;
  const workload = JSON.stringify({ ...deployment("tiny", ""), metadata }).replace(
    '"replicas":2',
    '"replicas":{{ .Values.replicas }}',
  );
  writeFileSync(path.join(chart, "templates/config.yaml"), config);
  writeFileSync(path.join(chart, "templates/workload.yaml"), workload);
  return chart;
}

describe.for(pairs)("helm %i on %s", ([, , candidate, box]) => {
  let subject: Subject;
  let chart: string;
  const namespace = `helm-${box.helmMajor}-${Date.now().toString(36)}`;
  // A bare control plane has nobody who would make the Deployment's pods.
  const replicas = candidate.runsPods ? 2 : 0;

  const helm = async (line: string) => {
    const ran = await runTool(box.helm, subject, ["-n", namespace, ...line.split(" ")], { timeoutMs: 40_000 });
    if (ran.code !== 0) throw new Error(`helm ${line} ended with ${ran.code}: ${ran.err}`);
    return ran.out;
  };
  const color = async () => {
    const argv = ["-n", namespace, "get", "configmap", "tiny", "-o", "jsonpath={.data.color}"];
    return (await runTool(box.kubectl, subject, argv)).out;
  };

  beforeAll(async () => {
    subject = await candidate.start();
    chart = writeChart(subject.folder);
  });
  afterAll(async () => {
    await runTool(box.kubectl, subject, ["delete", "namespace", namespace, "--wait=false"]);
    const faults = subject.faults();
    await subject.close();
    expect(faults).toEqual([]);
  });

  test("installs, upgrades, tells, rolls back and uninstalls", async () => {
    const installed = await helm(
      `install tiny ${chart} --create-namespace --set replicas=${replicas} --wait --timeout 30s`,
    );
    expect(installed).toContain("STATUS: deployed");
    expect(await color()).toBe("white");

    await helm(`upgrade --install tiny ${chart} --reuse-values --set color=black --wait --timeout 30s`);
    expect(await color()).toBe("black");
    expect(JSON.parse(await helm("get values tiny -o json"))).toEqual({ replicas, color: "black" });
    expect(JSON.parse(await helm("get values tiny -a -o json"))).toEqual({ replicas, color: "black" });
    expect(JSON.parse(await helm("status tiny -o json"))).toMatchObject({ version: 2, info: { status: "deployed" } });

    await helm("rollback tiny 1 --wait --timeout 30s");
    expect(await color()).toBe("white");
    const history = JSON.parse(await helm("history tiny -o json")) as { revision: number; status: string }[];
    expect(history.map(({ revision, status }) => [revision, status])).toEqual([
      [1, "superseded"],
      [2, "superseded"],
      [3, "deployed"],
    ]);
    expect(JSON.parse(await helm("list -o json"))).toHaveLength(1);

    expect(await helm("uninstall tiny --wait --timeout 30s")).toContain("uninstalled");
    expect(await color()).toBe("");
  });
});

test.skipIf(boxes.length > 0)("helm could not be had: the cases above were skipped", () => {
  expect(pairs).toEqual([]);
});
