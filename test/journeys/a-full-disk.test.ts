import { expect, test } from "vitest";
import { Journey } from "../support/panel/journey.ts";

/** The kernel refuses what would make a file longer than this, after a part of it: as a full disk does. */
const small = ["sh", "-c", 'ulimit -f 96; exec "$@"', "sh"];

test("a journal that does not fit on the disk stops no run; it is said at once, at the end, and by the chain", async () => {
  const journey = new Journey();
  const lab = await journey.lab();
  const everything = ["migrate", "--headless", "--soak", "0", "--consent", "nodes,finalize,remove-source"];
  const { code, out } = await journey.start(everything, lab.env, small).ended();
  expect(out).toMatch(/the journal \S+\.jsonl cannot be written: EFBIG: .*; the run goes on without it/);
  expect(out).toMatch(/migrated: every node is on Cilium.*; the journal \S+\.jsonl lacks \d+ events$/);
  expect(code).toBe(0);
  const verified = await journey.run(["report", "--verify"], lab.env);
  expect(verified).toMatchObject({ code: 0, out: expect.stringContaining("a last line was cut short") });
});
