import { afterEach, describe, expect, test } from "vitest";
import { defaultLossBudget, type Flow } from "../../../src/engine/model/probing/flow.ts";
import { Measurement } from "../../../src/engine/probes/measured/measurement.ts";
import { targetsText } from "../../../src/kube/prober/targets-text.ts";
import { noPerl, type RunningProber, startProber } from "../../support/a-prober.ts";
import { udpRelay } from "../../support/udp-relay.ts";

const running: RunningProber[] = [];
const ends: (() => void)[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((prober) => prober.stop()));
  for (const end of ends.splice(0)) end();
});

/** Numbers of the first and the last probe that is lost. */
const everyMs = 20;
const broken = { from: 101, to: 200 };

describe.skipIf(noPerl !== "")(`what two real probers say, judged ${noPerl}`, () => {
  test("an outage is told to its pair with its length, the pair beside it is well", async () => {
    const common = ["bind=127.0.0.1", "port=0", "token=t", `every=${everyMs}`, "limit=3000"];
    const answering = startProber([...common, "me=b"]);
    running.push(answering);
    const { udp } = await answering.ports;
    const relay = await udpRelay(udp, (direction, number) =>
      direction === "there" && number >= broken.from && number <= broken.to ? "drop" : "pass",
    );
    ends.push(() => relay.close());
    const asking = startProber([...common, "me=a"]);
    running.push(asking);

    const flow = (id: string): Flow => ({ id, path: "cilium-to-cilium", from: "a", to: "b", everyMs });
    const target = (id: string, port: number) => ({ id, kind: "udp", ip: "127.0.0.1", port, sizeBytes: 0 }) as const;
    const flows = [flow("broken/b"), flow("whole/b")];
    const measured = new Measurement();
    measured.asked("a", "1", flows);
    asking.follow(targetsText("1", [target("broken/b", relay.port), target("whole/b", udp)]).split("\n"));

    await asking.until(() => asking.total("broken/b").lost >= 100 && asking.total("broken/b").good >= 200);
    for (const line of asking.lines) measured.take(line, line.at + 5);
    const last = asking.lines.at(-1)?.at ?? 0;
    const verdict = measured.judge(defaultLossBudget, { now: last });
    expect(verdict.trespasses.map(({ kind, flow: { id }, gapMs, lost }) => [kind, id, gapMs, lost])).toEqual([
      ["gap", "broken/b", 100 * everyMs, 100],
    ]);
    expect(measured.judge(defaultLossBudget, { now: last + 60_000, since: last }).is).toBe("unknown");
  });
});
