import { CrossfadeError } from "../../src/engine/model/errors.ts";
import type { ClusterFacts } from "../../src/engine/model/facts.ts";
import { detectSource } from "../../src/engine/sources/detect.ts";
import { saidOf } from "./said.ts";

/** Why no source is found in a cluster, in words. Throws where one is. */
export function refusal(facts: ClusterFacts) {
  try {
    detectSource(facts);
  } catch (thrown) {
    if (thrown instanceof CrossfadeError) return saidOf(thrown);
    throw thrown;
  }
  throw new Error("it was not refused");
}
