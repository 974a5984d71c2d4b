import type { Taint } from "../../engine/model/cluster/taints.ts";
import type { NodeFacts } from "../../engine/model/facts.ts";
import { milliCpus, quantity, wholeBytes } from "../objects/quantity.ts";
import { at, list, text, textMap, texts, time } from "../objects/read.ts";

const controlPlaneLabels = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];

function condition(node: unknown, type: string): unknown {
  return list(at(node, "status", "conditions")).find((entry) => at(entry, "type") === type);
}

function taintOf(entry: unknown): Taint {
  return { key: text(at(entry, "key")), value: text(at(entry, "value")), effect: text(at(entry, "effect")) };
}

/** spec.podCIDRs, or the older single field. */
function podCidrs(node: unknown): readonly string[] {
  const many = texts(at(node, "spec", "podCIDRs"));
  const one = text(at(node, "spec", "podCIDR"));
  return many.length > 0 || one === "" ? many : [one];
}

function runtimeOf(info: unknown) {
  return {
    bootId: text(at(info, "bootID")),
    kernelVersion: text(at(info, "kernelVersion")),
    osImage: text(at(info, "osImage")),
    operatingSystem: text(at(info, "operatingSystem")),
    architecture: text(at(info, "architecture")),
    kubeletVersion: text(at(info, "kubeletVersion")),
    containerRuntime: text(at(info, "containerRuntimeVersion")),
  };
}

/** A Node as the engine knows it. */
export function nodeFacts(node: unknown): NodeFacts {
  const labels = textMap(at(node, "metadata", "labels"));
  const ready = condition(node, "Ready");
  const isReady = at(ready, "status") === "True";
  const allocatable = at(node, "status", "allocatable");
  return {
    name: text(at(node, "metadata", "name")),
    uid: text(at(node, "metadata", "uid")),
    controlPlane: controlPlaneLabels.some((label) => label in labels),
    internalIps: list(at(node, "status", "addresses"))
      .filter((address) => at(address, "type") === "InternalIP")
      .map((address) => text(at(address, "address")))
      .filter((address) => address !== ""),
    podCidrs: podCidrs(node),
    ready: isReady,
    notReadyReason: isReady ? "" : text(at(ready, "reason"), "NoReadyCondition"),
    notReadyMessage: isReady ? "" : text(at(ready, "message")),
    readySince: time(at(ready, "lastTransitionTime")),
    cordoned: at(node, "spec", "unschedulable") === true,
    taints: list(at(node, "spec", "taints")).map(taintOf),
    labels,
    annotations: textMap(at(node, "metadata", "annotations")),
    ...runtimeOf(at(node, "status", "nodeInfo")),
    providerId: text(at(node, "spec", "providerID")),
    allocatablePods: Math.round(quantity(at(allocatable, "pods"))),
    allocatableCpuMillis: milliCpus(at(allocatable, "cpu")),
    allocatableMemoryBytes: wholeBytes(at(allocatable, "memory")),
    networkUnavailable: at(condition(node, "NetworkUnavailable"), "status") === "True",
    networkReason: text(at(condition(node, "NetworkUnavailable"), "reason")),
    createdAt: time(at(node, "metadata", "creationTimestamp")) ?? 0,
  };
}
