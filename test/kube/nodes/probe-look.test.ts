import { expect, test } from "vitest";
import { lookOf } from "../../../src/kube/nodes/probe-look.ts";

const said = (exitCode: number, stdout: string, stderr = "") => ({ exitCode, stdout, stderr });
const listed = said(0, "/sys/kernel/btf/vmlinux\n");
const missing = said(2, "", "ls: cannot access '/sys/kernel/btf/vmlinux': No such file or directory");

test.each([
  ["a kernel with BTF", listed, said(0, "1450\n"), { btf: true, podMtu: 1_450 }],
  ["one without", missing, said(0, "1500\n"), { btf: false, podMtu: 1_500 }],
  [
    "an image without these commands",
    said(127, "", "exec: ls: not found"),
    said(127, "", "x"),
    { btf: null, podMtu: null },
  ],
  ["a network without eth0", listed, said(1, "", "cat: can't open"), { btf: true, podMtu: null }],
  ["an answer that is no number", listed, said(0, "nonsense"), { btf: true, podMtu: null }],
])("%s", (_what, btf, mtu, expected) => {
  expect(lookOf({ btf, mtu })).toEqual(expected);
});
