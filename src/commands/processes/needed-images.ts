import { CrossfadeError, toFailure, Unavailable } from "../../engine/model/errors.ts";
import type { Plan } from "../../engine/model/plan-types.ts";
import { lines } from "../../words/audience.ts";
import { explainFailure } from "../../words/explain.ts";
import { hanging } from "../headless/plain-text.ts";

/** An image that nodes pull in the run. */
export interface NeededImage {
  readonly image: string;
  /** Whose pods are made of it. */
  readonly for: readonly string[];
}

/** What an operator whose nodes reach no public registry mirrors first. */
export interface NeededImages {
  readonly images: readonly NeededImage[];
  /** Why Cilium's are not among them; null when they are. */
  readonly imagesNotListed: string | null;
}

type Use = readonly [image: string, purpose: string];

/** What we start ourselves, as far as the plan has us start it. */
function ours({ options, source }: Plan): readonly Use[] {
  const { reboot, probeImage } = options;
  return [
    [probeImage, "probe pods"],
    [source.nftImage ?? probeImage, "cleaner pods"],
    ...(reboot.method === "privileged-pod" ? ([[reboot.image, "reboot pods"]] as const) : []),
  ];
}

/** Each image once, with all that it is for. */
function merged(uses: readonly Use[]): readonly NeededImage[] {
  const images = [...new Set(uses.map(([image]) => image))];
  return images.map((image) => ({ image, for: uses.filter(([one]) => one === image).map(([, purpose]) => purpose) }));
}

/** All images of the run; where the chart cannot be asked, which of them are missing and why. */
export async function neededImages(
  plan: Plan,
  ofChart: (plan: Plan) => Promise<readonly string[]>,
): Promise<NeededImages> {
  const own = ours(plan);
  if (plan.cilium.chartDigest === undefined)
    return { images: merged(own), imagesNotListed: "the chart could not be read (see preflight)" };
  try {
    const cilium = (await ofChart(plan)).map((image): Use => [image, "Cilium"]);
    return { images: merged([...own, ...cilium]), imagesNotListed: null };
  } catch (thrown) {
    if (!(thrown instanceof CrossfadeError || thrown instanceof Unavailable)) throw thrown;
    return { images: merged(own), imagesNotListed: explainFailure(toFailure(thrown), lines).message };
  }
}

/** The section of the plan. An image is one line, however long: it is copied. */
export function imageLines({ images, imagesNotListed }: NeededImages, columns: number): readonly string[] {
  const purposes = [...new Set(images.map(({ for: purpose }) => purpose.join(", ")))];
  return [
    "Images that the nodes pull",
    ...purposes.flatMap((purpose) => [
      `  ${purpose}`,
      ...images.filter((one) => one.for.join(", ") === purpose).map(({ image }) => `    ${image}`),
    ]),
    ...(imagesNotListed === null ? [] : hanging("  Cilium's are not listed: ", imagesNotListed, columns)),
  ];
}
