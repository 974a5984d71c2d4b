import { expect, test } from "vitest";
import type { Before } from "../../../src/engine/model/node-state.ts";
import { folderDue, sourceFileOf } from "../../../src/engine/observe/recorded-folder.ts";
import { aPlan } from "../../support/panel/a-plan.ts";

const before = (...cniFiles: readonly string[]): Before => ({
  at: 0,
  cordoned: false,
  bootId: "b",
  cniFiles,
  agentUid: "u",
});
const plan = aPlan(["a"]);

test.each<[string, Before | null, string]>([
  ["what was active before", before("00-flannel.conflist", "10-flannel.conflist"), "00-flannel.conflist"],
  ["not a meta plugin's", before("00-multus.conf", "10-flannel.conflist"), "10-flannel.conflist"],
  ["not Cilium's own", before("05-cilium.conflist", "10-flannel.conflist"), "10-flannel.conflist"],
  ["the plan's where nothing was recorded", null, "10-flannel.conflist"],
])("the source's file is %s", (_how, known, file) => {
  expect(sourceFileOf(known, plan)).toBe(file);
});

test("every recorded name that is only there as a backup comes back, and a backup beside a file written anew goes", () => {
  const recorded = before("10-flannel.conflist", "87-podman-bridge.conflist", "99-loopback.conf", "net.kubeconfig");
  const names = [
    "05-cilium.conflist",
    "10-flannel.conflist",
    "10-flannel.conflist.cilium_bak",
    "87-podman-bridge.conflist.cilium_bak",
    "99-loopback.conf.cilium_bak",
    "net.kubeconfig",
  ];
  expect(folderDue(names, recorded, "10-flannel.conflist")).toEqual({
    rename: ["87-podman-bridge.conflist", "99-loopback.conf"],
    discard: ["10-flannel.conflist.cilium_bak"],
  });
});

test("a backup that was there before is nobody's to remove, and one that was not recorded is not given a name", () => {
  const recorded = before("10-flannel.conflist", "10-flannel.conflist.cilium_bak");
  const names = ["10-flannel.conflist", "10-flannel.conflist.cilium_bak", "50-other.conf.cilium_bak"];
  expect(folderDue(names, recorded, "10-flannel.conflist")).toEqual({ rename: [], discard: [] });
});
