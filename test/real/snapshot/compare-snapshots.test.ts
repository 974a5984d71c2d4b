import { expect, test } from "vitest";
import { compareSnapshots, differenceLines, unexcused } from "./compare-snapshots.ts";
import { unsaidRemnants } from "./documented-leftovers.ts";
import { parseSnapshot } from "./node-snapshot.ts";

test("a snapshot is a set of lines a section, with drawn names masked", () => {
  const text =
    "== link\nlo\nveth1a2b3c4d@if2\nveth99887766@if2\n== file\n/var/lib/cni/results/cbr0-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef-eth0\n";
  expect(parseSnapshot(text)).toEqual({ link: ["lo", "veth*"], file: ["/var/lib/cni/results/cbr0-<id>-eth0"] });
});

test("what stayed and what is gone are told by kind, and an excuse covers its own direction alone", () => {
  const before = { file: ["/a", "/b"], link: ["lo"] };
  const after = { file: ["/b", "/c"], link: ["lo", "cilium_host"] };
  const found = compareSnapshots(before, after);
  expect(differenceLines(found)).toBe("stayed file: /c\ngone file: /a\nstayed link: cilium_host");
  const excuses = [
    { what: "stayed", kind: "link", line: /^cilium_/, why: "until a restart" },
    { what: "stayed", kind: "file", line: /^\/a$/, why: "another direction" },
  ] as const;
  expect(differenceLines(unexcused(found, excuses))).toBe("stayed file: /c\ngone file: /a");
});

test("of what bears Flannel's name after its removal, what a page names is no remnant", () => {
  const snapshot = {
    file: ["/opt/cni/bin/flannel", "/run/flannel", "/run/flannel/subnet.env", "/var/lib/cni/results/cbr0-<id>-eth0"],
    link: ["cni0", "eth0"],
    object: [
      "Namespace <none> kube-flannel",
      "ConfigMap kube-flannel kube-flannel-cfg",
      "Role kube-flannel crossfade-finalize",
    ],
  };
  expect(unsaidRemnants(snapshot, "Flannel")).toEqual([
    "file: /opt/cni/bin/flannel",
    "file: /run/flannel/subnet.env",
    "link: cni0",
    "object: ConfigMap kube-flannel kube-flannel-cfg",
  ]);
});

test("of Calico, what a page names is no remnant, and Kubernetes' own kinds are not Calico's", () => {
  const snapshot = {
    link: ["eth0", "vxlan.calico"],
    route: ["blackhole 10.244.95.0/26 proto 80"],
    iptables: [":cali-INPUT - [0:0]", ":KUBE-SERVICES - [0:0]"],
    object: [
      "ClusterRole <none> crossfade-calico",
      "CustomResourceDefinition <none> adminnetworkpolicies.policy.networking.k8s.io",
      "CustomResourceDefinition <none> ippools.crd.projectcalico.org",
    ],
  };
  expect(unsaidRemnants(snapshot, "Calico")).toEqual([
    "link: vxlan.calico",
    "route: blackhole 10.244.95.0/26 proto 80",
    "iptables: :cali-INPUT - [0:0]",
    "object: CustomResourceDefinition <none> ippools.crd.projectcalico.org",
  ]);
});
