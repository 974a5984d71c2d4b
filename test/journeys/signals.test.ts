import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { cordoned } from "../support/lab/cordoned.ts";
import { Journey, type Running } from "../support/panel/journey.ts";

const everything = ["migrate", "--headless", "--soak", "0", "--consent", "nodes,finalize,remove-source"];

/** Two presses of one key, not one that npm hands on as well. */
const apartMs = 450;

/** Where a pause has to wait: the node is between two networks. */
const inMidMove = (run: Running) => run.line(/: restart-agent …/);

const inMidMoveRecorded = /"node-step-finished".*"step":"enable-cilium"/;

const pausing = /crossfade: pausing after [\w-]+ is moved and uncordoned; /;

test("a closed output pauses, Ctrl-C pauses, Ctrl-C twice leaves now, and the same command always goes on", async () => {
  const journey = new Journey();
  const lab = await journey.lab();

  const unread = journey.start(everything, lab.env);
  await inMidMove(unread);
  unread.closeOutput();
  const first = await unread.ended();
  expect(first.err).toMatch(pausing);
  expect(first.err).toContain("the output cannot be written any more; the same command goes on from there");
  expect(first.code).toBe(3);
  expect(journey.journal().at(-1)).toContain('"outcome":"paused"');
  expect(await cordoned(lab)).toEqual([]);

  const interrupted = journey.start(everything, lab.env);
  await inMidMove(interrupted);
  interrupted.signal("SIGINT");
  const second = await interrupted.ended();
  expect(second.err).toMatch(pausing);
  expect(second.err).toContain("press Ctrl-C again to leave now");
  expect(second.out).toContain("paused: paused; crossfade resume, or the same command, goes on");
  expect(second.code).toBe(3);
  expect(await cordoned(lab)).toEqual([]);

  const left = journey.start(everything, lab.env);
  await inMidMove(left);
  left.signal("SIGINT");
  await left.complaint(pausing);
  await delay(apartMs);
  left.signal("SIGINT");
  const third = await left.ended();
  expect(third.err).toContain("leaving now; the cluster keeps what was recorded");
  expect(third.out).toContain("interrupted: stopped where it was; the same command goes on from here");
  expect(third.code).toBe(130);

  const last = await journey.run(everything, lab.env);
  expect(last.out).toContain("migrated: every node is on Cilium");
  expect(last.code).toBe(0);
  expect(await cordoned(lab)).toEqual([]);
  expect(await journey.run(["report", "--verify"], lab.env)).toMatchObject({ code: 0 });
});

test("a run that is to go on when it is left goes on to its end, though nobody reads and its terminal hung up", async () => {
  const journey = new Journey();
  const lab = await journey.lab();
  const run = journey.start([...everything, "--when-left", "continue"], lab.env);
  await inMidMove(run);
  run.closeOutput();
  run.signal("SIGHUP");
  expect(await run.ended()).toMatchObject({
    code: 0,
    err: expect.stringContaining("the run goes on, as its plan says"),
  });
  expect(journey.journal().at(-1)).toContain('"outcome":"migrated"');
});

test("a stopped engine whose run was taken over meanwhile says so in one sentence, and ends", async () => {
  const journey = new Journey();
  const lab = await journey.lab();
  const run = journey.start(
    [...everything.filter((word) => word !== "0" && word !== "--soak"), "--soak", "10m"],
    lab.env,
  );
  await run.line(/: soak …/);
  run.signal("SIGSTOP");
  const lease = "/apis/coordination.k8s.io/v1/namespaces/crossfade/leases/engine";
  const renewTime = new Date().toISOString().replace("Z", "000Z");
  await lab.api("PATCH", lease, { spec: { holderIdentity: "eve@elsewhere/1", renewTime } });
  run.signal("SIGCONT");
  const { code, out } = await run.ended();
  expect(out.split("\n").at(-1)).toMatch(/lock-lost: The lease was lost: eve@elsewhere\/1 holds it now\.$/);
  expect(code).toBe(5);
});

test("SIGTERM brings the engine under a panel to its safe point and ends it; crossfade goes on with a paused run", async () => {
  const journey = new Journey();
  const lab = await journey.lab();
  const flags = ["--soak", "0", "--consent", "nodes"];
  const panel = journey.terminal(flags, { env: lab.env });
  await panel.until(" RUNNING ");
  await journey.recorded(inMidMoveRecorded);
  const [engine = 0] = await journey.engines();
  process.kill(engine, "SIGTERM");
  await panel.until(/engine ended/);
  panel.press("q");
  expect(await panel.exit()).toBe(0);
  expect(await cordoned(lab)).toEqual([]);
  expect(await journey.run(["status"], lab.env)).toMatchObject({ code: 3 });
});
