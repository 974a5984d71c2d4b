import { ciliumConfFile } from "../model/cilium-names.ts";
import { waiting } from "../model/observation.ts";
import { theNode, thePod } from "../model/reason.ts";
import type { RollbackStep } from "../model/step.ts";
import { activeFiles } from "../observe/cni-files.ts";
import { nodeOf } from "../observe/node-of.ts";
import { notReady } from "../observe/node-readiness.ts";
import { noneLeft } from "../observe/none-left.ts";
import { sourceFileOf } from "../observe/recorded-folder.ts";
import { probeAwaited } from "../observe/start-trouble.ts";
import { passed, trafficOf } from "../probes/ask.ts";
import { crossingsOf } from "../probes/crossings.ts";
import { probeEnds } from "../probes/ends.ts";

/** Verifies the rolled-back node: old address, old file, traffic both ways. */
export const rollbackVerify: RollbackStep = {
  id: "rollback-verify",
  timeoutMs: 5 * 60_000,
  async observe(scope) {
    const { ports, node, plan, before, excludedOrDeferred, signal } = scope;
    const facts = await nodeOf(scope);
    if (!facts.ready) return notReady(facts);
    const sourceFile = sourceFileOf(before, plan);
    const active = activeFiles(await ports.hosts.cniFiles(node));
    if (!active.includes(sourceFile) || active.includes(ciliumConfFile)) {
      return waiting("source-conf-inactive", { file: sourceFile, found: active }, { object: theNode(node) });
    }
    const left = await noneLeft(scope, "cilium");
    if (!left.done) return left;
    const ends = await probeEnds(ports, plan, excludedOrDeferred);
    const own = ends.find(({ pod }) => pod.node === node);
    if (!own) return probeAwaited(ports, node);
    if (own.network !== "source") {
      const params = { node, address: own.pod.ip ?? "", ranges: plan.source.podCidrs };
      return waiting("probe-not-on-source", params, { object: thePod(own.pod.ref) });
    }
    return passed(await trafficOf(ports, crossingsOf(own, ends), signal), "source-traffic-lost");
  },
  apply: () => Promise.resolve(),
};
