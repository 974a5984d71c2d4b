import type { Lab } from "crossfade-lab/lab.ts";
import { beforeOf } from "../../../src/engine/model/node-state.ts";
import type { Exchange } from "../proxy/http-proxy.ts";
import { nodeOfPod, type PodObject, recordedNode, recordedRun } from "./recorded.ts";

/** What the engine writes about itself, and what is there before any run: nothing of the operator's is changed by these. */
const ofOurOwn =
  /the record|the lease|the map for observers|^POST \/api\/v1\/namespaces crossfade|: (forget|queued|excluded|migrating|failed|rolling-back|deferred|rolled-back|migrated)\b/;

interface Removal {
  readonly preconditions?: { readonly uid?: string };
  readonly deleteOptions?: { readonly preconditions?: { readonly uid?: string } };
}

/** Of the pod that is meant: another may bear its name by now, on another node. */
function uidIn(body: string): string | undefined {
  if (body === "") return undefined;
  const { preconditions, deleteOptions } = JSON.parse(body) as Removal;
  return (deleteOptions?.preconditions ?? preconditions)?.uid;
}

/** Null for a pod that is gone: who asks for its end once more changes nothing. */
function nodeOfWrite(key: string, exchange: Exchange, lab: Lab): string | null | undefined {
  const [path = ""] = exchange.path.split("?");
  const named = /^([^ :]+): /.exec(key)?.[1];
  if (named !== undefined) return named;
  const pod = /\/namespaces\/([^/]+)\/pods\/([^/?]+)/.exec(path);
  if (pod) return nodeOfPod(lab, { namespace: pod[1] ?? "", name: pod[2] ?? "", uid: uidIn(exchange.body) });
  if (!path.endsWith("/pods")) return undefined;
  return (JSON.parse(exchange.body) as PodObject).spec.nodeName;
}

/** The run's step that is begun and not done; "nodes" has no acts of its own. */
function runStepInHand(lab: Lab): boolean {
  const run = recordedRun(lab);
  return run !== null && run.started.some((step) => step !== "nodes" && !(step in run.stepsDone));
}

/** Null when the cluster's records said beforehand what a write is for; else the sentence that says they did not. */
export function missingIntent(exchange: Exchange, key: string, lab: Lab): string | null {
  if (ofOurOwn.test(key) || runStepInHand(lab)) return null;
  const node = nodeOfWrite(key, exchange, lab);
  if (node === null) return null;
  const state = node === undefined ? null : recordedNode(lab, node);
  if (state === null) return `"${key}" was written while no step was on record`;
  if (state.phase !== "migrating" && state.phase !== "rolling-back")
    return `"${key}" was written while ${node} was on record as ${state.phase}`;
  const before = beforeOf(state);
  if (before === null) return `"${key}" was written before it was on record how ${node} had been`;
  if (/crossfade-reboot-|^command: reboot/.test(key) && exchange.method === "POST" && before.rebootAsked === undefined)
    return `"${key}" was written before it was on record that a reboot is asked for`;
  return null;
}
