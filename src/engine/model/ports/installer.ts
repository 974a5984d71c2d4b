import type { HelmReleaseFacts } from "../facts.ts";
import type { CiliumTarget, JsonObject } from "../plan-types.ts";

/** Helm. One release, `plan.cilium.release`. */
export interface Installer {
  release(): Promise<HelmReleaseFacts | null>;
  /** install --install with exactly these values; resolves when helm ended, throws HELM_FAILED with helm's own words. */
  apply(target: CiliumTarget, values: JsonObject, signal: AbortSignal): Promise<void>;
  /** The values in effect that were given by the user of the release (helm get values). */
  values(): Promise<JsonObject | null>;
  uninstall(signal: AbortSignal): Promise<void>;
  /** After a killed helm: brings a pending release to a state from which `apply` works. */
  recover(signal: AbortSignal): Promise<void>;
}
