import { expect, test } from "vitest";
import { CommandError } from "../../../src/commands/command-error.ts";
import { imageLines, neededImages } from "../../../src/commands/processes/needed-images.ts";
import { Unavailable } from "../../../src/engine/model/errors.ts";
import type { Plan } from "../../../src/engine/model/plan-types.ts";
import { aFlannelCluster } from "../../support/facts.ts";
import { planOf } from "../../support/lab/planned.ts";

const plan = planOf(aFlannelCluster().facts, { probeImage: "mirror/agnhost:2", reboot: { method: "none" } });
const cilium = ["quay.io/cilium/cilium:v1", "quay.io/cilium/operator-generic:v1"];
const ofChart = () => Promise.resolve(cilium);
const withOptions = (options: Partial<Plan["options"]>): Plan => ({
  ...plan,
  options: { ...plan.options, ...options },
});

test("every image that the run pulls is there once, with all that it is for", async () => {
  const rebooting = withOptions({ reboot: { method: "privileged-pod", image: "mirror/reboot:1" } });
  expect(await neededImages(rebooting, ofChart)).toEqual({
    images: [
      { image: "mirror/agnhost:2", for: ["probe pods", "cleaner pods"] },
      { image: "mirror/reboot:1", for: ["reboot pods"] },
      ...cilium.map((image) => ({ image, for: ["Cilium"] })),
    ],
    imagesNotListed: null,
  });
});

test("where Flannel writes nft tables, the cleaner is of its image", async () => {
  const nft = { ...plan, source: { ...plan.source, nftImage: "mirror/flannel:1" } };
  const { images } = await neededImages(nft, ofChart);
  expect(images.slice(0, 2)).toEqual([
    { image: "mirror/agnhost:2", for: ["probe pods"] },
    { image: "mirror/flannel:1", for: ["cleaner pods"] },
  ]);
});

test.each([
  ["helm refuses", new CommandError("HELM_FAILED", "helm template failed: no", "mend it")],
  ["helm is not there", new CommandError("NO_HELM", "There is no helm on PATH.", "install it")],
  ["the mirror does not answer", new Unavailable("it is away")],
])("where %s, our own are listed and it is said that Cilium's are not", async (_why, error) => {
  const needed = await neededImages(plan, () => Promise.reject(error));
  expect(needed).toEqual({
    images: [{ image: "mirror/agnhost:2", for: ["probe pods", "cleaner pods"] }],
    imagesNotListed: error.message,
  });
  expect(imageLines(needed, 80).at(-1)).toBe(`  Cilium's are not listed: ${error.message}`);
});

test("a chart that was not read is not asked", async () => {
  const { chartDigest: _none, ...unread } = plan.cilium;
  const asked = neededImages({ ...plan, cilium: unread }, () => Promise.reject(new Error("asked")));
  expect((await asked).imagesNotListed).toContain("the chart could not be read");
});

test("an image is one line, however long, to be copied", () => {
  const image = `registry.example/${"a".repeat(120)}@sha256:${"0".repeat(64)}`;
  expect(imageLines({ images: [{ image, for: ["Cilium"] }], imagesNotListed: null }, 60)).toEqual([
    "Images that the nodes pull",
    "  Cilium",
    `    ${image}`,
  ]);
});
