import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chartOf } from "../../../src/commands/flags/chart-flags.ts";
import { checkAccess, loginFor } from "../../../src/kube/helm/chart-access.ts";
import { inWords } from "../../support/said.ts";

let folder: string;
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "chart-flags-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("where the chart is, in the three ways to say it", () => {
  const path = file("cilium.tgz", "x");
  expect(chartOf({})).toBeUndefined();
  expect(chartOf({ chart: path })).toEqual({ path });
  expect(chartOf({ chart: "oci://quay.io/cilium/charts/cilium" })).toEqual({
    repository: "oci://quay.io/cilium/charts",
    name: "cilium",
  });
  expect(chartOf({ "chart-repo": "https://mirror.example/charts/" })).toEqual({
    repository: "https://mirror.example/charts/",
    name: "cilium",
  });
});

test.each([
  ["both at once", { chart: "oci://a.example/cilium", "chart-repo": "https://a.example" }, "leave one of them out"],
  ["a registry as repository", { "chart-repo": "oci://a.example/charts" }, "--chart oci://a.example/charts/cilium"],
  ["a file as repository", { "chart-repo": "./charts" }, "https://"],
  ["another kind of address", { "chart-repo": "ftp://a.example/x" }, "index.yaml"],
  ["a registry alone", { chart: "oci://a.example" }, "oci://HOST/PATH/cilium"],
  ["a tag", { chart: "oci://a.example/cilium:1.18.12" }, "--cilium-version"],
  ["a digest", { chart: `oci://a.example/cilium@sha256:${"0".repeat(64)}` }, "--cilium-version"],
  ["a file that is not there", { chart: "/nowhere/cilium.tgz" }, "helm pull"],
  ["a folder", { chart: tmpdir() }, "helm package"],
])("%s is refused: %j", (_what, given, remedy) => {
  expect(() => chartOf(given)).toThrow(
    expect.objectContaining({ code: "USAGE", remedy: expect.stringContaining(remedy) }),
  );
});

test.each(["https://me:hunter2hunter2@a.example/charts", "https://a.example/charts?token=hunter2hunter2"])(
  "an address with a secret in it is refused without repeating it: %s",
  (address) => {
    let told = "";
    try {
      chartOf({ "chart-repo": address });
    } catch (thrown) {
      told = String(thrown);
    }
    expect(told).toContain("--chart-repo https://a.example/charts");
    expect(told).not.toContain("hunter2");
  },
);

const auth = Buffer.from("me:hunter2").toString("base64");

test.each([
  ["a CA that is not there", { caFile: "/nowhere" }, "--chart-ca"],
  ["a CA that is none", { caFile: "none.pem" }, "no certificate"],
  ["credentials that are no JSON", { credentialsFile: "none.pem" }, "not JSON"],
  ["credentials without hosts", { credentialsFile: "empty.json" }, "no auths"],
])("%s is said before anything is asked", (_what, access, words) => {
  file("none.pem", "hunter2: not what it should be");
  file("empty.json", "{}");
  const whole = Object.fromEntries(
    Object.entries(access).map(([name, path]) => [name, path.startsWith("/") ? path : join(folder, path)]),
  );
  expect(inWords(() => checkAccess(whole))).toThrow(words);
  expect(inWords(() => checkAccess(whole))).not.toThrow("hunter2");
});

test.each([
  ["mirror.example", { auth }, "https://mirror.example/charts"],
  ["https://mirror.example/v1/", { auth }, "https://mirror.example/charts"],
  ["mirror.example:8443", { username: "me", password: "hunter2" }, "oci://mirror.example:8443/charts"],
])("an entry for %s is found", (host, entry, url) => {
  const credentialsFile = file(
    "config.json",
    JSON.stringify({ auths: { "other.example": { auth: "eA==" }, [host]: entry } }),
  );
  expect(loginFor(url, { credentialsFile }, {})).toEqual({ username: "me", password: "hunter2" });
});

test("a file without the host, and half of an environment, are refused", () => {
  const credentialsFile = file("other.json", JSON.stringify({ auths: { "other.example": { auth } } }));
  expect(() => loginFor("https://mirror.example/", { credentialsFile }, {})).toThrow("mirror.example");
  expect(inWords(() => loginFor("https://mirror.example/", {}, { CROSSFADE_CHART_USERNAME: "me" }))).toThrow(
    "only one is set",
  );
  expect(loginFor("https://mirror.example/", {}, {})).toBeNull();
});
