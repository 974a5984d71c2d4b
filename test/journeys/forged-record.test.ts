import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Consent, Plan } from "../../src/engine/model/plan-types.ts";
import type { RunRecord } from "../../src/engine/model/ports/records.ts";
import { type ClusterApi, clusterApi } from "../support/lab/cluster-api.ts";
import { Journey, type JourneyLab } from "../support/panel/journey.ts";
import { makeNamespace, putRecord, recordOf } from "../support/panel/recorded-run.ts";

const ours = "/api/v1/namespaces/crossfade";

/** A tenant with the right to ConfigMaps in namespace crossfade, and no other. */
async function mallory({ api, kubeconfig }: JourneyLab): Promise<ClusterApi> {
  const roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/crossfade";
  const verbs = ["get", "list", "create", "update", "patch", "delete"];
  await makeNamespace(api);
  await api("POST", "/api/v1/namespaces", { metadata: { name: "tenant" } });
  await api("POST", "/api/v1/namespaces/tenant/serviceaccounts", { metadata: { name: "mallory" } });
  await api("POST", `${roles}/roles`, {
    metadata: { name: "cm-edit" },
    rules: [{ apiGroups: [""], resources: ["configmaps"], verbs }],
  });
  await api("POST", `${roles}/rolebindings`, {
    metadata: { name: "mallory" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "cm-edit" },
    subjects: [{ kind: "ServiceAccount", name: "mallory", namespace: "tenant" }],
  });
  const asked = await api("POST", "/api/v1/namespaces/tenant/serviceaccounts/mallory/token", { spec: {} });
  const { token } = (asked as { readonly status: { readonly token: string } }).status;
  return clusterApi(readFileSync(kubeconfig, "utf8").replace(/token: .*/, `token: ${token}`));
}

/** One node that is taken at once, every consent, a command on this machine, an image and a chart of hers. */
function forged(plan: Plan, { marker, chart }: { marker: string; chart: Plan["cilium"]["chart"] }): RunRecord {
  const worker = plan.nodes.find(({ name }) => name === "worker-1");
  const given = { by: "ops@bastion", at: 1_000 };
  const consents: Record<Consent, typeof given> = {
    nodes: given,
    finalize: given,
    "policy-drops": given,
    "remove-source": given,
  };
  const reboot = { method: "command", argv: ["/bin/sh", "-c", `touch ${marker}`] } as const;
  return recordOf(
    {
      ...plan,
      // As JSON has them they are no results that a record holds.
      checkResults: [],
      nodes: worker === undefined ? [] : [worker],
      cilium: { ...plan.cilium, chart },
      options: { ...plan.options, reboot, soakMs: 0, probeImage: "evil.example/probe:1" },
    },
    { consents, startedAt: Date.now() - 1_000 },
  );
}

async function versionOf(api: ClusterApi): Promise<string> {
  const map = (await api("GET", `${ours}/configmaps/migration`)) as { metadata: { resourceVersion: string } };
  return map.metadata.resourceVersion;
}

const items = async (api: ClusterApi, path: string) => ((await api("GET", path)) as { items: unknown[] }).items;

test("a forged record runs nothing on the machine of who looks, goes on or takes over: what it would run is shown, and asked for", async () => {
  const here = new Journey();
  const lab = await here.lab();
  const { api } = lab;
  const attacker = await mallory(lab);
  await expect(attacker("GET", "/api/v1/nodes")).rejects.toThrow(/403/);
  const plan = JSON.parse((await here.run(["plan", "--json"], lab.env)).out) as Plan;
  const [marker, renderer] = [join(here.folder, "PWNED"), join(here.folder, "renderer")];
  writeFileSync(renderer, `#!/bin/sh\ntouch ${marker}-renderer\ncat\n`, { mode: 0o755 });
  const record = forged(plan, { marker, chart: { path: "/tmp/evil.tgz" } });
  await putRecord(attacker, record);
  const hash = record.plan.hash.slice(0, 12);
  const shown = [
    `["/bin/sh","-c","touch ${marker}"]`,
    "evil.example/probe:1",
    "local file /tmp/evil.tgz",
    "remove-source by ops@bastion",
  ];
  const all = ["--consent", "nodes,finalize,remove-source"];
  const status = await here.run(["status"], lab.env);
  expect(status.out).toContain("NOT AGREED TO ON THIS MACHINE");
  for (const part of shown) expect(status.out).toContain(part);
  const looked = await here.run(["--plain"], lab.env);
  expect(looked.err).toBe("");
  for (const argv of [["migrate", "--headless", ...all], ["take-over", "--headless", ...all], ["resume"]]) {
    const { code, out, err } = await here.run(argv, lab.env);
    expect(code, argv.join(" ")).toBe(4);
    expect(err).toContain("was not agreed to on this machine");
    expect(err).toContain(`--agree ${hash}`);
    for (const part of shown) expect(out).toContain(part);
  }

  // Chart places that helm would take for options are not even asked about.
  await putRecord(attacker, forged(plan, { marker, chart: { path: `--post-renderer=${renderer}` } }));
  const damaged = await here.run(["migrate", "--headless", ...all, "--agree", hash], lab.env);
  expect(damaged.err).toContain("damaged");
  expect(damaged.code).toBe(4);
  await putRecord(attacker, record);
  const version = await versionOf(api);

  const panel = here.terminal([], { env: lab.env, columns: 160, rows: 50 });
  await panel.until(" UNATTENDED ");
  expect(await here.engines()).toEqual([]);
  await panel.choose({ key: "T", title: "Take the run over", choice: "Take it over" });
  await panel.until(" CONFIRM ");
  expect(panel.text()).toContain("was not agreed to on this machine");
  panel.press("m");
  await panel.dialog("A run on crossfade-lab that was not");
  const dialog = panel.text().replaceAll(/[│|\s]+/g, " ");
  for (const part of [
    "THIS COMMAND, ON THE MACHINE THAT RUNS CROSSFADE",
    "touch",
    "evil.example/probe:1",
    "/tmp/evil.tgz",
  ])
    expect(dialog).toContain(part);
  panel.press("enter");
  await panel.until((screen) => !screen.includes("A run on crossfade-lab that was not"));
  await panel.until(" CONFIRM ");

  expect([marker, `${marker}-renderer`].filter((file) => existsSync(file))).toEqual([]);
  expect(await items(api, "/apis/coordination.k8s.io/v1/namespaces/crossfade/leases")).toEqual([]);
  expect(await items(api, "/apis/apps/v1/namespaces/crossfade/daemonsets")).toEqual([]);
  expect(await items(api, `${ours}/pods`)).toEqual([]);
  expect(await versionOf(api)).toBe(version);
});
