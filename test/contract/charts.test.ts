import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { createTar } from "nanotar";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { knownSecrets } from "../../src/engine/model/known-secrets.ts";
import type { CiliumTarget } from "../../src/engine/model/plan-types.ts";
import type { ChartAccess } from "../../src/kube/helm/chart-access.ts";
import { digestOf } from "../../src/kube/helm/chart-archive.ts";
import { chartImages, type Rendered } from "../../src/kube/helm/chart-images.ts";
import { HelmCharts } from "../../src/kube/helm/charts.ts";
import { Helm } from "../../src/kube/helm/helm.ts";
import { aTarget } from "../engine/values/chart-facts.ts";
import { clientOf } from "../kube/support/client-of.ts";
import { archiveOf } from "../support/a-chart.ts";
import { type ChartServer, chartServer } from "../support/chart-server.ts";
import { inWords } from "../support/said.ts";
import { toolboxes } from "./tools.ts";

const boxes = await toolboxes();
const version = "1.18.12";
const password = "swordfish-of-the-mirror";
const archive = archiveOf(version);
const { signal } = new AbortController();

let folder: string;
let server: ChartServer;
let caFile: string;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "charts-"));
  server = await chartServer(version, archive);
  caFile = path.join(folder, "ca.pem");
  writeFileSync(caFile, server.ca);
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The real helm, behind a script that writes down with which arguments and environment it is run. */
function chartsBy(helm: string, access: ChartAccess = {}, env: Readonly<Record<string, string>> = {}) {
  const log = path.join(folder, "log");
  const program = path.join(folder, "helm");
  writeFileSync(program, `#!/bin/sh\n{ printf '%s\\n' "$@"; env; } >>'${log}'\nexec '${helm}' "$@"\n`);
  chmodSync(program, 0o755);
  const whole = { PATH: `${folder}:/usr/bin:/bin`, HOME: folder, ...env };
  const ours = new Helm(clientOf("http://127.0.0.1:1"), whole);
  const keptIn = path.join(folder, "kept");
  return {
    helm: ours,
    charts: new HelmCharts(ours, { access, env: whole, keptIn }),
    keptIn,
    told: () => (existsSync(log) ? readFileSync(log, "utf8") : ""),
  };
}

/** A chart that helm has to render: what it makes depends on values, on Kubernetes' version, and on a condition. */
function templated(): Buffer {
  const pod = (image: string, init = "") =>
    `spec: {template: {spec: {containers: [{name: a, image: "${image}"}]${init}}}}`;
  const files = {
    "Chart.yaml": `{apiVersion: v2, name: cilium, version: ${version}, kubeVersion: ">= 1.21.0-0"}`,
    "values.yaml": "{agent: agent:1, last: false}",
    "templates/agent.yaml": `kind: DaemonSet\n${pod("{{ .Values.agent }}", ", initContainers: [{name: b, image: init:1}]")}`,
    "templates/job.yaml": `kind: CronJob\nspec: {jobTemplate: {${pod("job:{{ .Capabilities.KubeVersion.Minor }}")}}}`,
    "templates/last.yaml": `{{ if .Values.last }}kind: Deployment\n${pod("last:1")}{{ end }}`,
    "templates/config.yaml": "kind: ConfigMap\ndata: {image: none:1}",
  };
  const entries = Object.entries(files).map(([name, data]) => ({ name: `cilium/${name}`, data }));
  return gzipSync(createTar(entries));
}

const fromRepository = (): CiliumTarget["chart"] => ({ repository: server.repository, name: "cilium" });
const fromRegistry = (): CiliumTarget["chart"] => ({ repository: server.oci.replace(/\/cilium$/, ""), name: "cilium" });
const places = [
  ["a repository", fromRepository],
  ["an OCI registry", fromRegistry],
] as const;

/** As helm registry login writes it, and a pull secret holds it. */
function dockerConfig(): string {
  const file = path.join(folder, "config.json");
  const auth = Buffer.from(`puller:${password}`).toString("base64");
  writeFileSync(file, JSON.stringify({ auths: { [server.host]: { auth } } }));
  return file;
}

describe.for(boxes.map((box) => [box.helmMajor, box.helm] as const))("helm %i", ([major, helm]) => {
  test.each(places)("fetches the chart of %s with a private CA", async (_name, chart) => {
    const { charts } = chartsBy(helm, { caFile });
    const read = await charts.read({ chart: chart(), version }, signal);
    expect(read).toMatchObject({ name: "cilium", version, digest: digestOf(archive) });
    expect(read.problems({ cni: { exclusive: "yes" } })).toMatchObject([{ path: "cni.exclusive" }]);
  });

  // helm 3 asks a registry on a loopback address for no certificate.
  test.each(places.slice(0, major === 3 ? 1 : 2))("says how the CA of %s is named", async (_name, chart) => {
    await expect(inWords(chartsBy(helm).charts.read({ chart: chart(), version }, signal))).rejects.toMatchObject({
      code: "HELM_FAILED",
      remedy: expect.stringContaining("--chart-ca"),
    });
  });

  test.each(places)(
    "fetches from %s with a password that no argument and no environment of helm's bears",
    async (_name, chart) => {
      server.want("puller", password);
      const login = { CROSSFADE_CHART_USERNAME: "puller", CROSSFADE_CHART_PASSWORD: password };
      for (const by of [
        chartsBy(helm, { caFile }, login),
        chartsBy(helm, { caFile, credentialsFile: dockerConfig() }),
      ]) {
        expect(await by.charts.read({ chart: chart(), version }, signal)).toMatchObject({ version });
        expect(by.told()).toContain("pull");
        expect(by.told()).not.toContain(password);
        expect(by.told()).not.toContain(Buffer.from(`puller:${password}`).toString("base64"));
      }
      expect(knownSecrets.hideInSentence(`it said ${password}`)).toBe("it said (hidden)");
    },
  );

  test.each(places)("says what %s wants where no password was given", async (_name, chart) => {
    server.want("puller", password);
    await expect(
      inWords(chartsBy(helm, { caFile }).charts.read({ chart: chart(), version }, signal)),
    ).rejects.toMatchObject({
      remedy: expect.stringContaining("--chart-credentials"),
    });
  });

  test.each(places)(
    "a version that %s has not is a failure of the chart's, not of the cluster's",
    async (_name, chart) => {
      const failing = chartsBy(helm, { caFile }).charts.read({ chart: chart(), version: "1.18.13" }, signal);
      await expect(inWords(failing)).rejects.toMatchObject({
        code: "HELM_FAILED",
        message: expect.stringContaining("1.18.13"),
      });
    },
  );

  test("a chart that changed since the plan is refused with both digests, and is not kept", async () => {
    const { charts, keptIn } = chartsBy(helm, { caFile });
    const target = { ...aTarget, chart: fromRepository(), chartDigest: digestOf(archive) };
    const other = archiveOf("1.18.11");
    server.serve(other);
    const installing = charts.withPlanned(target, signal, () => Promise.reject(new Error("installed")));
    await expect(inWords(installing)).rejects.toMatchObject({
      code: "PLAN_DRIFTED",
      message: expect.stringMatching(
        new RegExp(`${digestOf(archive).slice(0, 12)} was agreed to, sha256:${digestOf(other).slice(0, 12)} is there`),
      ),
    });
    expect(existsSync(keptIn)).toBe(false);
  });

  test("lists the images that the chart makes pods of, of the chart that was planned, and keeps nothing", async () => {
    const { charts, keptIn, helm: ours } = chartsBy(helm, { caFile });
    server.serve(templated());
    const { digest } = await charts.read({ chart: fromRepository(), version }, signal);
    const plan = {
      cilium: { ...aTarget, chart: fromRepository(), chartDigest: digest },
      values: { initial: { agent: "mirror/agent:2" }, final: { agent: "mirror/agent:2", last: true } },
      cluster: { kubernetesVersion: "v1.31.4+k3s1" },
    } as unknown as Rendered;
    await server.close();
    expect(await chartImages({ helm: ours, charts }, plan, signal)).toEqual([
      "init:1",
      "job:31",
      "last:1",
      "mirror/agent:2",
    ]);
    expect(existsSync(keptIn)).toBe(false);
    const old = { ...plan, cluster: { ...plan.cluster, kubernetesVersion: "v1.20.0" } };
    await expect(inWords(chartImages({ helm: ours, charts }, old, signal))).rejects.toMatchObject({
      code: "HELM_FAILED",
      message: expect.stringMatching(/^helm template failed: .*1\.20\.0/),
    });
  });

  test("what was installed once needs no repository to be finalized and rolled back", async () => {
    const { charts, keptIn } = chartsBy(helm, { caFile });
    const target = { ...aTarget, chart: fromRepository(), chartDigest: digestOf(archive) };
    const bytes = (file: string) => Promise.resolve(readFileSync(file));
    expect(await charts.withPlanned(target, signal, bytes)).toEqual(archive);
    await server.close();
    expect(await charts.withPlanned(target, signal, bytes)).toEqual(archive);
    writeFileSync(path.join(keptIn, `${digestOf(archive)}.tgz`), "somebody else's");
    await expect(charts.withPlanned(target, signal, bytes)).rejects.toMatchObject({ code: "HELM_FAILED" });
  });
});

test.skipIf(boxes.length > 0)("helm could not be had: the cases above were skipped", () => {
  expect(boxes).toEqual([]);
});
