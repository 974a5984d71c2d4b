import { expect, test } from "vitest";
import { moveTheNodes } from "../support/lab/consents.ts";
import { Journey } from "../support/panel/journey.ts";

test("a node that never comes back stops the run, is skipped, set aside while the others move, and taken back once it is on", async () => {
  const journey = new Journey();
  const lab = await journey.lab("--scenario", "node-never-returns", "--nodes", "4");
  const panel = journey.terminal(["--soak", "0", "--reboot-timeout", "10s"], { env: lab.env, columns: 120, rows: 40 });
  await moveTheNodes(panel);
  await panel.until(/failed +worker-1/);
  await panel.until(/Failed: worker-1: .*its kubelet is silent since/);
  await panel.until("press s to move the others meanwhile");
  panel.press("o");
  await panel.dialog("─ worker-1 failed");
  expect(panel.text().replace(/[│\s]+/g, " ")).toContain("kubectl delete node worker-1, and the run lets it go");
  for (const option of [
    "Retry from the step",
    "It was restarted: go on",
    "Roll back to the old CNI",
    "Skip: roll it back",
  ]) {
    expect(panel.text()).toContain(option);
  }
  panel.press("esc");
  await panel.until((screen) => !screen.includes("Leave it as it is"));

  panel.press("s");
  await panel.dialog("Exclude worker-1");
  expect(panel.text()).toContain("worker-1 is not Ready: it is deferred, cordoned, and the others go on");
  panel.press("esc");
  await panel.until((screen) => !screen.includes("─ Exclude worker-1"));
  await panel.choose({ key: "s", title: "Exclude worker-1", choice: "Roll worker-1 back and exclude it" });
  await panel.until(/◌ deferred +worker-1/);
  await panel.until(/✓ migrated +worker-2/);
  const status = await journey.run(["status"], lab.env);
  expect(status.out).toContain("worker-1: rollback deferred until it is Ready");
  await panel.until(/Waits for worker-1 to become Ready: rollback/);
  await lab.api("POST", "/lab/repair", { node: "worker-1" });
  await panel.until(/rolled back +worker-1/);
});

test("with --on-node-failure rollback the node is taken back, and the options leave it out and go on", async () => {
  const journey = new Journey();
  const lab = await journey.lab("--scenario", "agent-crash-loops");
  const flags = ["--soak", "0", "--on-node-failure", "rollback", "--retries", "0"];
  const panel = journey.terminal(flags, { env: lab.env, columns: 120, rows: 40 });
  await moveTheNodes(panel);
  await panel.until(/Stopped: worker-1 failed at "wait-ready" and was rolled back to its old CNI/);
  await panel.until("(4 restarts): exit");
  await panel.until(/rolled back +worker-1/);
  await panel.choose({
    key: "o",
    title: "worker-1 failed and was rolled back",
    choice: "Skip: exclude it and go on",
  });
  await panel.until(/✓ migrated +worker-2/);
});

test("without a panel a failed node ends the run with what to do, and a command from another terminal tries it again", async () => {
  const journey = new Journey();
  const lab = await journey.lab("--scenario", "agent-crash-loops");
  const migrate = ["migrate", "--headless", "--soak", "0", "--retries", "0", "--consent", "nodes"];
  const first = await journey.run(migrate, lab.env);
  expect(first.code).toBe(1);
  expect(first.out).toMatch(/worker-1: FAILED at wait-ready: the Cilium agent on worker-1 crash-loops/);
  expect(first.out).toContain(
    "fix the cause and run crossfade retry worker-1, or run crossfade rollback worker-1 to roll the node back",
  );
  expect(first.out).toContain("crossfade skip worker-1 excludes it");

  const same = await journey.run(migrate, lab.env);
  expect(same.code).toBe(1);
  expect(same.out).not.toContain("return …");
  const status = await journey.run(["status"], lab.env);
  expect(status.code).toBe(1);
  expect(status.out).toContain("worker-1: FAILED at wait-ready");
  const wrong = await journey.run(["retry", "worker-2"], lab.env);
  expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining("worker-2 has not failed") });

  await lab.api("POST", "/lab/repair", { node: "worker-1" });
  const retried = await journey.run(["retry", "worker-1", "--headless"], lab.env);
  expect(retried.out).toContain("worker-1: migrated");
  expect(retried.out).toContain("worker-2: migrated");
  expect(retried.code).toBe(3);
});
