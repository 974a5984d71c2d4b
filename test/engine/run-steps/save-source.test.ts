import { expect, test } from "vitest";
import type { ObjectRef } from "../../../src/engine/model/cluster/object-ref.ts";
import { CrossfadeError } from "../../../src/engine/model/errors.ts";
import type { Note } from "../../../src/engine/model/notes/note.ts";
import type { ArchivedFiles } from "../../../src/engine/model/ports/archive.ts";
import { reason } from "../../../src/engine/model/reason.ts";
import type { RunScope } from "../../../src/engine/model/step.ts";
import { StepMemory } from "../../../src/engine/model/step-memory.ts";
import { saveSource } from "../../../src/engine/run-steps/save-source.ts";
import { textOf } from "../../support/log-line.ts";
import { aPlan } from "../../support/panel/a-plan.ts";
import { said } from "../../support/said.ts";

const ref = (apiVersion: string, kind: string, name: string): ObjectRef => ({
  apiVersion,
  kind,
  namespace: "kube-system",
  name,
});
const removed = [ref("apps/v1", "DaemonSet", "net"), ref("v1", "Secret", "token")];

/** A disk that takes nothing, or does again; and a cluster that lets us read, or does not. */
function saving({ isUnwanted = false } = {}) {
  const world = { now: 0, why: null as string | null, denied: false };
  const kept: ArchivedFiles[] = [];
  const tries: number[] = [];
  const logged: string[] = [];
  const ports = {
    clock: { now: () => world.now },
    objects: {
      get({ apiVersion, kind, name }: ObjectRef) {
        if (world.denied)
          throw new CrossfadeError(
            "FORBIDDEN",
            reason("helm-forbidden", { command: "get", said: "cannot get daemonsets" }),
          );
        return Promise.resolve(name === "kube-proxy" ? null : { apiVersion, kind, metadata: { name } });
      },
      all: () => Promise.resolve([]),
    },
    archive: {
      isUnwanted,
      keep(_hash: string, files: ArchivedFiles) {
        tries.push(world.now);
        if (world.why === null) kept.push(files);
        return { folder: "/state/lab.source-1", why: world.why };
      },
    },
  };
  const scope = {
    ports,
    plan: aPlan(["a"]),
    removal: { objects: removed },
    memory: new StepMemory(),
    log: (level: string, note: Note) => logged.push(`${level}: ${textOf({ note })}`),
  } as unknown as RunScope;
  return { world, kept, tries, logged, observe: () => saveSource.observe(scope), apply: () => saveSource.apply(scope) };
}

test("the objects are saved once, Secrets are not, and where is told", async () => {
  const { kept, logged, observe, apply } = saving();
  expect((await observe()).done).toBe(false);
  await apply();
  expect(await observe()).toEqual({ done: true, note: "saved in /state/lab.source-1" });
  await apply();
  expect(kept.map((files) => Object.values(files).flat())).toEqual([[expect.objectContaining({ kind: "DaemonSet" })]]);
  expect(logged).toEqual([expect.stringContaining("/state/lab.source-1")]);
});

test("a disk that is full holds the run until a person made room, and is not tried at each pass", async () => {
  const { world, tries, observe, apply } = saving();
  world.why = "ENOSPC: no space left on device";
  await apply();
  const waits = said(await observe());
  expect(waits.because).toContain("in /state/lab.source-1 before the first is deleted: ENOSPC");
  expect(waits.needsPerson).toBe(true);
  expect(waits.remedy).toContain("--without-saved-source");
  world.now = 29_000;
  await apply();
  world.why = null;
  world.now = 31_000;
  await apply();
  expect(tries).toEqual([0, 31_000]);
  expect((await observe()).done).toBe(true);
});

test("objects that may not be read hold the run as well", async () => {
  const { world, observe, apply } = saving();
  world.denied = true;
  await apply();
  expect(said(await observe()).because).toContain("cannot get daemonsets");
});

test("who wants nothing saved gets none, and is warned", async () => {
  const { kept, logged, observe, apply } = saving({ isUnwanted: true });
  expect((await observe()).done).toBe(true);
  await apply();
  expect(kept).toEqual([]);
  expect(logged[0]).toContain("warning: the old CNI's objects are not saved");
});
