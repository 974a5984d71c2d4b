import { expect, test } from "vitest";
import { otherMachine } from "../support/lab/other-machine.ts";
import { Journey } from "../support/panel/journey.ts";

test("from a third terminal a run is looked at, paused, resumed, handed over and taken over without a panel", async () => {
  const [here, there] = [new Journey(), new Journey()];
  const lab = await here.lab();
  const other = otherMachine(lab, there);
  const everything = ["--soak", "10m", "--consent", "nodes,finalize,remove-source"];
  const run = here.start(["migrate", "--headless", ...everything], lab.env);
  await run.line(/: soak …/);

  const status = JSON.parse((await there.run(["status", "--json"], other)).out) as {
    readonly run: { readonly state: string; readonly planHash: string };
    readonly runner: { readonly pid: number; readonly lease: string };
  };
  // This machine did not agree to the run: whoever goes on with it here says so.
  const agreed = ["--agree", status.run.planHash];
  expect(status).toMatchObject({ version: 1, run: { state: "running" }, runner: { pid: run.pid, lease: "held" } });

  const held = await there.run(["migrate", "--headless", ...everything, ...agreed], other);
  expect(held.code).toBe(5);
  expect(held.err).toMatch(new RegExp(`the run is held by .*@.*/${run.pid} since 20`));
  expect(held.err).toContain("take-over asks for it; --wait waits for it");

  const paused = await there.run(["pause"], other);
  expect(paused).toMatchObject({ code: 0, out: expect.stringMatching(/heard it: it pauses at the next safe point/) });
  expect(await run.ended()).toMatchObject({ code: 3 });
  const again = await there.run(["pause"], other);
  expect(again).toMatchObject({ code: 0, out: expect.stringContaining("no engine runs it, so nothing moves") });

  const second = here.start(["resume"], lab.env);
  await second.complaint("no engine runs it: this process takes it over and continues it");
  await second.line(/waits for the soak time/);
  const waiting = there.start(["migrate", "--headless", "--wait", ...everything, ...agreed], other);
  await waiting.complaint("waits for the run, held by");
  const handed = await there.run(["release"], other);
  expect(handed).toMatchObject({ code: 0, out: expect.stringContaining(`/${second.pid} released the lease`) });
  const ended = await second.ended();
  expect(ended.out).toMatch(/released: .* takes it over/);
  expect(ended.code).toBe(5);
  await waiting.line(new RegExp(`run held by .*/${waiting.pid} since`));

  const taken = here.start(["take-over", "--headless", ...everything], lab.env);
  await taken.line(new RegExp(`run held by .*/${taken.pid} since`));
  expect(await waiting.ended()).toMatchObject({ code: 5 });
});
