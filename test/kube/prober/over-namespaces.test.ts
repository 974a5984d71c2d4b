import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { noNetem, noNetwork, ThreeMachines } from "../../support/a-network.ts";
import { noPerl, type RunningProber, startProber } from "../../support/a-prober.ts";

const port = 8_473;
const limit = 3_000;
const why = noPerl || noNetwork;

describe.skipIf(why !== "")(`two probers with a router between them ${why}`, () => {
  let network: ThreeMachines;
  let left: RunningProber;
  let right: RunningProber;

  beforeAll(async () => {
    network = new ThreeMachines(`xf-${process.pid}`);
    const common = [`port=${port}`, "token=t", "every=20", `limit=${limit}`];
    left = startProber([...common, "me=left", `bind=${network.left}`], network.before("left"));
    right = startProber([...common, "me=right", `bind=${network.right}`], network.before("right"));
    await Promise.all([left.ports, right.ports]);
  });

  afterEach(() => {
    network.heal();
    network.mtuToTheRight(1_500);
  });

  afterAll(async () => {
    await Promise.all([left?.stop(), right?.stop()]);
    network?.remove();
  });

  const ask = (...targets: readonly string[]) =>
    left.follow(
      targets.map((target) => {
        const [kind, id, ...more] = target.split(" ");
        return `${kind} ${id} ${network.right} ${port} ${more.join(" ")}`;
      }),
    );
  const good = (id: string, least: number) => left.until(() => left.total(id).good >= least);
  const lost = (id: string, least: number) => left.until(() => left.total(id).lost >= least);

  test("measured loss is the loss that the router counts", async () => {
    ask("udp lossy");
    await good("lossy", 1);
    network.loseEveryTenth(network.right);
    await lost("lossy", 20);
    const dropped = network.heal();
    const before = left.total("lossy").good;
    // By then all that was on its way when it was healed is answered or given up.
    await good("lossy", before + (2 * limit) / 20);
    expect(left.total("lossy")).toMatchObject({ lost: dropped, errors: ["timeout"] });
    expect(left.total("lossy").longestGapMs).toBe(20);
  });

  test("a blocked port is blocked for that port alone", async () => {
    network.rule("FORWARD", "-d", network.right, "-p", "tcp", "--dport", String(port), "-j", "DROP");
    ask("tcp blocked limit=400", "udp open");
    await Promise.all([lost("blocked", 5), good("open", 5)]);
    expect(left.total("blocked")).toMatchObject({ good: 0, errors: ["timeout"] });
    expect(left.total("open").lost).toBe(0);
  });

  test("a firewall that refuses is told from one that drops", async () => {
    network.rule("FORWARD", "-d", network.right, "-p", "tcp", "-j", "REJECT", "--reject-with", "tcp-reset");
    network.rule("FORWARD", "-d", network.right, "-p", "udp", "-j", "REJECT", "--reject-with", "icmp-host-prohibited");
    ask("tcp refused limit=400", "udp prohibited limit=400");
    await Promise.all([lost("refused", 5), lost("prohibited", 5)]);
    expect(left.total("refused").errors).toContain("refused");
    expect(left.total("prohibited").errors).toContain("unreachable");
  });

  test("a way back that is blocked is none that was not heard", async () => {
    network.rule("FORWARD", "-s", network.right, "-j", "DROP");
    const seen = right.lines.length;
    ask("udp one-way limit=400");
    await Promise.all([
      lost("one-way", 5),
      right.until((lines) => lines.slice(seen).some(({ heardFrom }) => (heardFrom.left ?? 0) > 0)),
    ]);
    expect(left.total("one-way").good).toBe(0);
  });

  test("answers to the tunnel's port come back where those to any port do not", async () => {
    network.rule("FORWARD", "-s", network.right, "-p", "udp", "!", "--dport", String(port), "-j", "DROP");
    ask(`udp tunnel answer=${port}`, "udp ephemeral limit=400");
    await Promise.all([good("tunnel", 20), lost("ephemeral", 5)]);
    expect(left.total("tunnel").lost).toBe(0);
    expect(left.total("ephemeral").good).toBe(0);
  });

  test("a hole in the MTU that says nothing loses full-size packets for as long as it is there", async () => {
    network.mtuToTheRight(1_400);
    network.rule("OUTPUT", "-p", "icmp", "-j", "DROP");
    ask("udp small", "udp fits size=1400", "udp full size=1500 limit=400", "tcp large size=4000 limit=400");
    await Promise.all([good("small", 20), good("fits", 20), lost("full", 40), lost("large", 5)]);
    expect(left.total("full")).toMatchObject({ good: 0, errors: ["timeout"] });
    expect(left.total("large").good).toBe(0);
    expect([left.total("small").lost, left.total("fits").lost]).toEqual([0, 0]);
  });

  test("one that does say it is too small stays a loss too: nothing is fragmented", async () => {
    network.mtuToTheRight(1_400);
    ask("udp full-told size=1500 limit=400", "udp fits-told size=1400");
    await Promise.all([lost("full-told", 40), good("fits-told", 20)]);
    expect(left.total("full-told")).toMatchObject({ good: 0 });
    expect(left.total("full-told").errors).toContain("too-long");
  });

  test("a long-lived connection that is dropped on the way breaks as silent, and opens again", async () => {
    ask("hold held limit=200");
    await good("held", 5);
    const seen = left.events().length;
    network.rule("FORWARD", "-j", "DROP");
    await left.until(() => left.events().length > seen);
    expect(left.events()[seen]).toMatchObject({ what: "broken", id: "held", why: "silent" });
    network.heal();
    await left.until(() =>
      left
        .events()
        .slice(seen)
        .some(({ what }) => what === "open"),
    );
  });

  // Last: the delay stays.
  test.skipIf(noNetem !== "")(`delay is measured as it was made ${noNetem}`, async () => {
    network.delayToTheRight(50);
    ask("udp slow");
    await good("slow", 20);
    expect(left.total("slow").leastDelayMs).toBeGreaterThanOrEqual(50);
    expect(left.total("slow").lost).toBe(0);
  });
});
