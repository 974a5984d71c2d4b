import { expect, test } from "vitest";
import type { ProbeTarget } from "../../../src/engine/model/ports/prober.ts";
import { curlCommand, judgeSamples } from "../../../src/kube/nodes/probe-command.ts";
import { inWords } from "../../support/said.ts";

const pod: ProbeTarget = { kind: "pod", ip: "10.0.0.1" };
const dns: ProbeTarget = { kind: "dns", name: "kubernetes.default.svc" };
const answer = (stdout: string, exitCode = 0, stderr = "") => ({ stdout, stderr, exitCode });

/** Lines as curl 8 writes them. */
test.each<[what: string, target: ProbeTarget, line: string, seen: object]>([
  ["an answer is good", pod, "0 0 0.000412 0.001201 ", { result: "good", tookMs: 1 }],
  [
    "no answer at all is lost",
    pod,
    "0 28 0.000000 2.001520 Connection timed out after 2001 milliseconds",
    { result: "lost", error: "Connection timed out after 2001 milliseconds" },
  ],
  [
    "a connection over which full-size packets get no answer is lost, and says so",
    pod,
    "0 28 0.000391 2.001011 Operation timed out after 2001 milliseconds with 0 bytes received",
    { result: "lost", error: expect.stringMatching(/full-size packets .* MTU/) },
  ],
  [
    "a name that nobody knows is lost",
    dns,
    "0 6 0.000000 0.012000 Could not resolve host: kubernetes.default.svc",
    { result: "lost", error: "Could not resolve host: kubernetes.default.svc" },
  ],
  [
    "a DNS server that says nothing is lost after the limit, not after the resolver's 27 s",
    dns,
    "0 28 0.000000 2.000100 Resolving timed out after 2000 milliseconds",
    { result: "lost", error: "Resolving timed out after 2000 milliseconds" },
  ],
  [
    "a name that was resolved answers the question, whatever came after",
    dns,
    "0 28 0.000000 2.001520 Connection timed out after 2001 milliseconds",
    { result: "good" },
  ],
])("%s", (_what, target, line, seen) => {
  expect(judgeSamples([target], answer(`${line}\n`))).toEqual([expect.objectContaining(seen)]);
});

test("answers come back in the order of the questions, whichever ended first", () => {
  const said = "1 0 0.000391 0.001 \n0 7 0.000000 0.001 Failed to connect to 10.0.0.1 port 8080\n";
  expect(judgeSamples([pod, dns], answer(said, 7)).map(({ result }) => result)).toEqual(["lost", "good"]);
});

test("a probe that was killed before it spoke has measured nothing", () => {
  expect(judgeSamples([pod, dns], answer("0 0 0.0003 0.001 \n", 137)).map(({ result }) => result)).toEqual([
    "good",
    "unknown",
  ]);
});

test.each([
  [127, "", /no curl/],
  [2, "curl: option --parallel: is unknown", /cannot be used/],
])("an image whose curl does not do is refused by name (exit code %i)", (exitCode, stderr, said) => {
  expect(inWords(() => judgeSamples([pod], answer("", exitCode, stderr)))).toThrow(said);
});

test("each URL has a limit of three seconds, and packets of full size", () => {
  const argv = curlCommand(["http://10.0.0.1:8080/", "http://10.0.0.2:8080/"]);
  expect(argv.slice(0, 2)).toEqual(["curl", "-q"]);
  expect(argv[argv.indexOf("--max-time") + 1]).toBe("3");
  expect((argv[argv.indexOf("-H") + 1] ?? "").length).toBeGreaterThan(1_500);
  expect(argv.filter((word) => word === "-o")).toHaveLength(2);
});
