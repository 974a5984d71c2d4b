import { afterEach, expect, test } from "vitest";
import type { ApiStore } from "../../../src/lab/store/api-store.ts";
import { ApiError } from "../../../src/lab/store/api-error.ts";
import { World } from "../../support/lab-run.ts";

let world: World;
afterEach(() => world.close());

async function heldBy(words: RegExp): Promise<void> {
  const run = world.start({ consents: ["nodes"] });
  await run.until(`a hold by ${words}`, ({ hold }) => words.test(hold?.because ?? ""), 60_000);
}

test("an image that no registry has is named in the hold of the probes", async () => {
  world = await World.make({ seed: 54, badImages: /agnhost/ });
  await heldBy(/^the probe pods on \S+, .* to be Ready \(crossfade-probe-\S+: (ErrImagePull|ImagePullBackOff): .*agnhost.*; \d more like it\)$/);
}, 120_000);

test("probes that a quota forbids are explained by their DaemonSet's event", async () => {
  world = await World.make({ seed: 55 });
  const store = world.lab.store as { create: ApiStore["create"] };
  const create = store.create.bind(world.lab.store);
  store.create = ((resource, object, options) => {
    if (resource === "pods" && object.metadata.namespace === "crossfade")
      throw new ApiError(403, "Forbidden", 'pods "p" is forbidden: minimum cpu usage per Container is 50m, but request is 5m');
    return create(resource, object, options);
  }) as ApiStore["create"];
  await heldBy(
    /to be Ready \(no pod of crossfade-probe may be made: pods "p" is forbidden: minimum cpu usage per Container is 50m/,
  );
}, 120_000);

test("an operator whose image is missing is named where its CRDs are waited for", async () => {
  world = await World.make({ seed: 56, badImages: /quay\.io\/cilium/ });
  await heldBy(/^the CRDs .* \(cilium-operator-\S+: (ErrImagePull|ImagePullBackOff): /);
}, 120_000);
