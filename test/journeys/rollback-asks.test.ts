import { expect, test } from "vitest";
import { nodeAnnotation } from "../../src/engine/model/cluster/record-place.ts";
import type { Plan } from "../../src/engine/model/plan-types.ts";
import { writeNode } from "../../src/kube/records/node-record.ts";
import { Journey } from "../support/panel/journey.ts";
import { makeNamespace, putRecord, recordOf } from "../support/panel/recorded-run.ts";

interface Stored {
  readonly metadata: { readonly name: string; readonly resourceVersion: string; readonly annotations?: object };
  readonly spec?: { readonly unschedulable?: boolean };
}

test("rollback --all on a terminal does nothing before the number of nodes was typed, whatever else is", async () => {
  const here = new Journey();
  const { env, api } = await here.lab();
  const plan = JSON.parse((await here.run(["plan", "--json"], env)).out) as Plan;
  // As JSON has them they are no results that a record holds.
  const record = recordOf({ ...plan, checkResults: [] });
  await makeNamespace(api);
  await putRecord(api, record);
  const state = { phase: "migrated", at: 2_000, tookMs: 500, before: null } as const;
  for (const node of ["worker-1", "worker-2"]) {
    const annotation = writeNode(node, { version: 1, run: record.startedAt, state, timings: {} });
    await api("PATCH", `/api/v1/nodes/${node}`, { metadata: { annotations: { [nodeAnnotation]: annotation } } });
  }

  const list = async (path: string) => ((await api("GET", path)) as { readonly items: readonly Stored[] }).items;
  const leases = () => list("/apis/coordination.k8s.io/v1/namespaces/crossfade/leases");
  /** All that a rollback would change first: the lease, the record, cordons and annotations. */
  const standing = async () => ({
    leases: await leases(),
    maps: (await list("/api/v1/namespaces/crossfade/configmaps")).map(({ metadata }) => metadata),
    nodes: (await list("/api/v1/nodes")).map(({ metadata: { name, annotations }, spec }) => [name, annotations, spec]),
    journal: here.journal(),
  });
  const before = await standing();
  expect(before.leases).toEqual([]);

  const asked = async () => {
    const terminal = here.terminal(["rollback", "--all", "--agree", record.plan.hash], { env });
    await terminal.until("Type 2 and press Enter: ");
    expect(terminal.text()).toContain("Everything goes back from Cilium to Flannel on crossfade-lab: 2 nodes");
    expect(await standing()).toEqual(before);
    return terminal;
  };
  const refusals: readonly (readonly [typed: string, code: number, says: string])[] = [
    ["3\r", 2, '"3" is not 2: nothing was changed'],
    ["y\r", 2, '"y" is not 2: nothing was changed'],
    ["\r", 2, "nothing was typed: nothing was changed"],
    ["\x04", 2, "nothing was typed: nothing was changed"],
    ["2\x03", 130, "interrupted: nothing was changed"],
  ];
  for (const [typed, code, says] of refusals) {
    const terminal = await asked();
    terminal.write(typed);
    expect(await terminal.exit(), JSON.stringify(typed)).toBe(code);
    expect(terminal.text()).toContain(says);
    expect(await standing(), JSON.stringify(typed)).toEqual(before);
  }

  const terminal = await asked();
  terminal.write("2\r");
  await terminal.until(/run held by .*@.*/);
  expect(await leases()).toHaveLength(1);
});
