import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { homeFolder } from "../../../src/kube/process/home-folder.ts";
import { saidOf } from "../../support/said.ts";

test("HOME is where a user is at home, if it is a place at all", () => {
  expect(homeFolder({ HOME: "/h" })).toBe("/h");
  // Else what the system knows, and never the folder that somebody stands in.
  for (const HOME of ["", ".", "kube"]) expect(homeFolder({ HOME })).toBe(homeFolder({}));
});

/** A user without a name, as a container's may be: only root can become one. */
test.runIf(process.getuid?.() === 0)("who has no home and no KUBECONFIG is told so in one sentence", () => {
  const module = (path: string) => JSON.stringify(fileURLToPath(new URL(`../../../src/${path}`, import.meta.url)));
  const code = `import { chooseContext } from ${module("kube/auth/kubeconfig.ts")};
    process.setuid(424242);
    try { chooseContext({ env: {} }); } catch ({ code, reason }) { console.log(JSON.stringify({ code, reason })); }`;
  const argv = ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", code];
  const said = execFileSync(process.execPath, argv, { encoding: "utf8", env: {} });
  expect(saidOf(JSON.parse(said))).toEqual({
    code: "KUBECONFIG",
    message: "No kubeconfig was found: this user has no home, and KUBECONFIG is not set.",
    remedy: expect.stringContaining("--kubeconfig FILE"),
  });
});
