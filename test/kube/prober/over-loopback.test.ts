import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer as httpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noPerl, type RunningProber, startProber } from "../../support/a-prober.ts";
import { type Policy, udpRelay } from "../../support/udp-relay.ts";

/** So long that a machine under load loses nothing of its own. */
const limit = 3_000;
const every = 20;
const slow = `every=${every} limit=${limit}`;

const within = (number: number, from: number, to: number) => number >= from && number <= to;

/** What the network between the two does to a probe, by its number. */
const networks = {
  lossy: (direction, number) => (direction === "there" && number <= 300 && number % 10 === 0 ? "drop" : "pass"),
  broken: (direction, number) => (direction === "there" && within(number, 101, 150) ? "drop" : "pass"),
  "one-way": (direction, number) => (direction === "back" && within(number, 101, 150) ? "drop" : "pass"),
  delayed: (direction) => (direction === "there" ? { afterMs: 80 } : "pass"),
  reordering: (direction, number) =>
    direction === "there" && number <= 200 && number % 10 === 0 ? { afterOthers: 2 } : "pass",
} satisfies Record<string, Policy>;

describe.skipIf(noPerl !== "")(`two probers on loopback ${noPerl}`, () => {
  let answering: RunningProber;
  let asking: RunningProber;
  let targets: readonly string[] = [];
  const ends: (() => unknown)[] = [];
  const dropped: Record<string, () => { there: number; back: number }> = {};

  beforeAll(async () => {
    const common = ["bind=127.0.0.1", "port=0", "token=secret", `limit=${limit}`];
    answering = startProber([...common, "me=answering"]);
    const { tcp, udp } = await answering.ports;
    const relays = await Promise.all(
      Object.entries(networks).map(async ([name, policy]) => {
        const relay = await udpRelay(udp, policy);
        ends.push(() => relay.close());
        dropped[name] = () => relay.dropped;
        return `udp ${name} 127.0.0.1 ${relay.port} ${slow}`;
      }),
    );
    const failing = httpServer((_, response) => response.writeHead(503).end()).listen(0, "127.0.0.1");
    await once(failing, "listening");
    ends.push(() => failing.close());
    const dns = createSocket("udp4").bind(0, "127.0.0.1");
    await once(dns, "listening");
    ends.push(() => dns.close());
    // Every second question is answered with SERVFAIL.
    let asked = 0;
    dns.on("message", (question, from) => {
      const answer = Buffer.from(question);
      answer.writeUInt16BE(asked++ % 2 === 0 ? 0x8180 : 0x8182, 2);
      dns.send(answer, from.port, from.address);
    });
    targets = [
      ...relays,
      `udp small 127.0.0.1 ${udp}`,
      `udp large 127.0.0.1 ${udp} size=1400`,
      `udp full 127.0.0.1 ${udp} size=65000`,
      `tcp tcp 127.0.0.1 ${tcp} size=4000`,
      `http http 127.0.0.1 ${tcp}`,
      `http failing 127.0.0.1 ${(failing.address() as AddressInfo).port} path=/healthz`,
      `connect connect 127.0.0.1 ${tcp}`,
      `hold held 127.0.0.1 ${tcp}`,
      `dns dns 127.0.0.1 ${dns.address().port} name=kubernetes.default.svc.cluster.local`,
    ];
    asking = startProber([...common, "me=asking"]);
    asking.follow(["gen first", ...targets]);
  });

  afterAll(async () => {
    await Promise.all([answering?.stop(), asking?.stop()]);
    for (const end of ends) end();
  });

  const settled = (id: string, least: number) =>
    asking.until(() => asking.total(id).good + asking.total(id).lost >= least);

  test.each(["small", "large", "full", "tcp", "http", "connect", "held"])(
    "%s: all is answered, nothing lost",
    async (id) => {
      await settled(id, 20);
      expect(asking.total(id)).toMatchObject({ lost: 0, longestGapMs: 0, errors: [] });
    },
  );

  test("what is lost on the way is what is counted as lost, exactly", async () => {
    await asking.until(() => asking.total("lossy").lost >= 30 && asking.total("lossy").good >= 300);
    expect(dropped.lossy?.()).toEqual({ there: 30, back: 0 });
    expect(asking.total("lossy")).toMatchObject({ lost: 30, longestGapMs: every, errors: ["timeout"] });
  });

  test("the longest gap is as long as the probes that were lost in a row", async () => {
    await asking.until(() => asking.total("broken").lost >= 50 && asking.total("broken").good >= 300);
    expect(asking.total("broken")).toMatchObject({ lost: 50, longestGapMs: 50 * every });
  });

  test("the way there and the way back are told from each other by what the other end received", async () => {
    await Promise.all(
      ["broken", "one-way"].map((id) =>
        asking.until(() => asking.total(id).lost >= 50 && asking.total(id).good >= 300),
      ),
    );
    const missing = (id: string) => {
      const told = asking.lines.flatMap(({ flows }) => flows.filter((flow) => flow.id === id && flow.lost > 0));
      const heard = told.at(-1)?.heard;
      return heard ? heard.sent - heard.received : null;
    };
    // Besides those that are lost, some are under way.
    expect(missing("broken")).toBeGreaterThanOrEqual(50);
    expect(missing("one-way")).toBeLessThan(50);
    expect(asking.total("one-way")).toMatchObject({ lost: 50, longestGapMs: 50 * every });
  });

  test("delay is measured there and back", async () => {
    await settled("delayed", 50);
    // A timer of Node's may be a millisecond early.
    expect(asking.total("delayed").leastDelayMs).toBeGreaterThanOrEqual(79);
    expect(asking.total("delayed").lost).toBe(0);
  });

  test("answers out of their order are counted, and are no loss", async () => {
    await settled("reordering", 300);
    expect(asking.total("reordering")).toMatchObject({ reordered: 20, lost: 0 });
  });

  test("a server error is a loss that says which", async () => {
    await settled("failing", 5);
    expect(asking.total("failing")).toMatchObject({ good: 0, errors: ["http-503"] });
  });

  test("a name server that could not look has not answered", async () => {
    await settled("dns", 10);
    const { good, lost, errors } = asking.total("dns");
    expect(Math.abs(good - lost)).toBeLessThanOrEqual(1);
    expect(errors).toEqual(["dns-2"]);
  });

  test("the other end says whom it hears", async () => {
    await answering.until((lines) => lines.some(({ heardFrom }) => (heardFrom.asking ?? 0) > 0));
  });

  test("lines are numbered without a hole and name their list", async () => {
    await asking.until((lines) => lines.length >= 3);
    expect(asking.lines.map(({ number }) => number)).toEqual(asking.lines.map((_, index) => index + 1));
    expect(asking.lines.at(-1)).toMatchObject({ me: "asking", generation: "first", badTargets: 0, problems: [] });
    expect(asking.others).toEqual([]);
  });

  test("a target's counts go on while others come and go; lines that are none are counted", async () => {
    const before = asking.total("small").good;
    asking.follow([
      "gen second",
      ...targets.filter((line) => !line.startsWith("connect")),
      "udp bad 10.0.0.1 99999",
      "?",
    ]);
    await asking.until((lines) => lines.at(-1)?.generation === "second");
    expect(asking.lines.at(-1)?.badTargets).toBe(2);
    expect(asking.lines.at(-1)?.flows.map(({ id }) => id)).not.toContain("connect");
    await asking.until(() => asking.total("small").good > before + 5);
    expect(asking.total("small").lost).toBe(0);
  });
});

describe.skipIf(noPerl !== "")(`a prober that goes away ${noPerl}`, () => {
  test("its long-lived connection breaks with a word, and is open again when it is back", async () => {
    const first = startProber(["bind=127.0.0.1", "port=0", "me=first"]);
    const { tcp, udp } = await first.ports;
    const asking = startProber(["bind=127.0.0.1", "port=0", "me=asking", `limit=${limit}`, "every=20"]);
    asking.follow([`hold held 127.0.0.1 ${tcp}`, `udp udp 127.0.0.1 ${udp} limit=400`]);
    await asking.until(() => asking.total("held").good >= 5 && asking.total("udp").good >= 5);
    await first.stop();
    await asking.until(() => asking.events().length > 0 && asking.total("udp").lost >= 5);
    expect(asking.events()[0]).toMatchObject({ what: "broken", id: "held" });
    expect(["closed", "reset"]).toContain(asking.events()[0]?.why);
    expect(asking.total("udp").errors).toContain("refused");
    const again = startProber(["bind=127.0.0.1", `port=${tcp}`, `udp=${udp}`, "me=again"]);
    await asking.until(() => asking.events().some(({ what }) => what === "open"));
    const { good } = asking.total("udp");
    await asking.until(
      (lines) =>
        asking.total("udp").good > good && lines.at(-1)?.flows.every(({ lostInARow }) => lostInARow === 0) === true,
    );
    await Promise.all([again.stop(), asking.stop()]);
  });

  test("strangers are not answered: without the token nothing is", async () => {
    const answering = startProber(["bind=127.0.0.1", "port=0", "me=answering", "token=one"]);
    const { tcp, udp } = await answering.ports;
    const stranger = startProber(["bind=127.0.0.1", "port=0", "me=stranger", "token=two", "limit=200"]);
    stranger.follow([`udp udp 127.0.0.1 ${udp}`, `tcp tcp 127.0.0.1 ${tcp}`]);
    await stranger.until(() => stranger.total("udp").lost >= 5 && stranger.total("tcp").lost >= 5);
    expect([stranger.total("udp").good, stranger.total("tcp").good]).toEqual([0, 0]);
    expect(answering.lines.every(({ heardFrom }) => Object.keys(heardFrom).length === 0)).toBe(true);
    await Promise.all([answering.stop(), stranger.stop()]);
  });

  test("a port that is in use is said, and the rest goes on", async () => {
    const first = startProber(["bind=127.0.0.1", "port=0", "me=first"]);
    const { tcp } = await first.ports;
    const second = startProber(["bind=127.0.0.1", `port=${tcp}`, "udp=0", "me=second"]);
    await second.until((lines) => lines.length >= 2);
    expect(second.lines.at(-1)?.problems).toEqual([`tcp ${tcp} 127.0.0.1 in-use`]);
    await Promise.all([first.stop(), second.stop()]);
  });
});
