import { describe, expect, test } from "vitest";
import { decide } from "../../../src/engine/decide/decide.ts";
import { safePoint } from "../../../src/engine/decide/nodes-of-run.ts";
import {
  allMoved,
  decides,
  final,
  type Row,
  ready,
  removing,
  three,
  upgraded,
  viewOf,
} from "../../support/lab/decisions.ts";
import { said } from "../../support/said.ts";

const failing: readonly Row[] = [
  ...(["precheck", "drain", "restart-agent", "reboot", "wait-ready", "recycle-pods", "verify"] as const).map(
    (step): Row => [
      `a failure at ${step} stops the run`,
      ready().at("a", step).failed("a", step),
      `wait for a person: a failed at "${step}"…`,
    ],
  ),
  [
    "no other node is begun after a failure",
    ready().migrated("a").at("b", "verify").failed("b", "verify"),
    'wait for a person: b failed at "verify"…',
  ],
  ["a retried node is gone on with", ready().failed("a", "drain").at("a", "drain"), "move a"],
  [
    "a failed node that is undone is gone on with",
    ready().failed("a", "verify").rollingBack("a", "rollback-cordon"),
    "undo a",
  ],
  [
    "after the undo of a failed node the others go on",
    ready().failed("a", "verify").rollingBack("a", "rollback-verify").restored("a"),
    "move b",
  ],
  ["a failed node that was excluded lets the others go on", ready().failed("a", "drain").excluded("a"), "move b"],
  ["a failed node that vanished lets the others go on", ready().failed("a", "wait-ready").vanished("a"), "move b"],
  [
    "a failure on the way back of one node stops too",
    ready().migrated("a").rollingBack("a", "rollback-verify").failed("a", "rollback-verify"),
    'wait for a person: a failed at "rollback-verify"…',
  ],
  [
    "a failed upgrade waits for a person",
    allMoved().consented("finalize").stepFailed("upgrade"),
    'wait for a person: "upgrade" failed…',
  ],
  [
    "a failed check waits for a person",
    upgraded().finished("restart-agents", "restart-operator").stepFailed("check"),
    'wait for a person: "check" failed…',
  ],
  [
    "a failed removal waits for a person",
    removing().stepFailed("remove-source"),
    'wait for a person: "remove-source" failed…',
  ],
];

const undoing: readonly Row[] = [
  ["a node being undone is gone on with", ready().migrated("a").rollingBack("a", "rollback-cordon"), "undo a"],
  ["it comes before queued nodes", ready().migrated("b").rollingBack("b", "rollback-drain"), "undo b"],
  [
    "a node being undone is gone on with although it is NotReady",
    ready().migrated("a").rollingBack("a", "rollback-agent"),
    "undo a",
    ["a"],
  ],
  ["undoing everything begins with the last moved", ready().migrated("a", "b").turnedBack(), "undo b"],
  ["then comes the one before", ready().migrated("a").restored("b").turnedBack(), "undo a"],
  ["a node in mid-move is undone at once", ready().at("a", "recycle-pods").turnedBack(), "undo a"],
  ["a node in mid-move is undone before migrated ones", ready().migrated("a").at("b", "verify").turnedBack(), "undo b"],
  ["a failed node is undone on the way back", ready().at("a", "verify").failed("a", "verify").turnedBack(), "undo a"],
  [
    "a node that failed to go back waits for a person",
    ready().migrated("a").failed("a", "rollback-verify").turnedBack(),
    'wait for a person: a failed at "rollback-verify"…',
  ],
  ["queued nodes need no undo", ready().turnedBack(), "do rollback-node-config"],
  ["excluded nodes need no undo", ready().excluded("a").turnedBack(), "do rollback-node-config"],
  ["NotReady migrated nodes are passed over for Ready ones", ready().migrated("a", "b").turnedBack(), "undo a", ["b"]],
  [
    "with all of them NotReady the way back waits",
    ready().migrated("a").turnedBack(),
    "wait for the cluster: a to be Ready",
    ["a"],
  ],
  ["after the nodes the CiliumNodeConfig goes", ready().restored("a").turnedBack(), "do rollback-node-config"],
  ["then Cilium", ready().turnedBack().finished("rollback-node-config"), "do rollback-install"],
  ["then the taint", ready().turnedBack().finished("rollback-node-config", "rollback-install"), "do rollback-clean"],
  [
    "then the record is closed",
    ready().turnedBack().finished("rollback-node-config", "rollback-install", "rollback-clean"),
    "do rollback-report",
  ],
  [
    "and it is undone",
    ready().turnedBack().finished("rollback-node-config", "rollback-install", "rollback-clean", "rollback-report"),
    "finish rolled-back",
  ],
  [
    "a way back before the nodes undoes the installation too",
    three().consented("nodes").finished("prepare").begun("install").turnedBack(),
    "do rollback-node-config",
  ],
  [
    "a failed proof does not bar the way back",
    three().consented("nodes").finished("prepare", "install").stepFailed("verify-install").turnedBack(),
    "do rollback-node-config",
  ],
  ["after the upgrade policies go out of force first", upgraded().turnedBack(), "do rollback-enforce-policies"],
  [
    "then the hybrid values come back",
    upgraded().turnedBack().finished("rollback-enforce-policies"),
    "do rollback-upgrade",
  ],
  [
    "refusals that nothing explains do not bar the way back",
    final().stepFailed("watch-drops", "POLICY_DROPS").turnedBack(),
    "do rollback-enforce-policies",
  ],
  [
    "even when the upgrade only began",
    allMoved().consented("finalize").begun("upgrade").turnedBack(),
    "do rollback-enforce-policies",
  ],
  [
    "then the nodes, last first",
    upgraded().turnedBack().finished("rollback-enforce-policies", "rollback-upgrade"),
    "undo c",
  ],
  [
    "a failed way-back step waits for a person",
    ready().turnedBack().stepFailed("rollback-install"),
    'wait for a person: "rollback-install" failed…',
  ],
  ["a joined node does not hinder the way back", ready().joined("d").turnedBack(), "do rollback-node-config"],
];

const pausing: readonly Row[] = [
  ["a pause between nodes takes hold at once", ready().migrated("a").pausing(), "stand still"],
  ["a pause before the first node takes hold at once", ready().pausing(), "stand still"],
  [
    "a pause during the installation takes hold at once",
    three().consented("nodes").begun("install").pausing(),
    "stand still",
  ],
  ["a pause while consent is asked takes hold at once", allMoved().asked("finalize").pausing(), "stand still"],
  ...(["precheck", "cordon", "drain", "soak"] as const).map(
    (step): Row => [`a pause at ${step} takes hold at once`, ready().at("a", step).pausing(), "stand still"],
  ),
  ...(["enable-cilium", "restart-agent", "reboot", "wait-ready", "recycle-pods", "verify", "uncordon"] as const).map(
    (step): Row => [`a pause at ${step} waits until the node is through`, ready().at("a", step).pausing(), "move a"],
  ),
  [
    "a pause during an undo waits until the node is restored",
    ready().migrated("a").rollingBack("a", "rollback-files").pausing(),
    "undo a",
  ],
  ["the pause takes hold when that node is migrated", ready().at("a", "verify").pausing().migrated("a"), "stand still"],
  ["a paused run waits for a person", ready().paused(), "wait for a person: the run to be resumed"],
  [
    "a paused run does not go on with a drain",
    ready().at("a", "drain").paused(),
    "wait for a person: the run to be resumed",
  ],
  ["a paused run does not ask for consents", allMoved().paused(), "wait for a person: the run to be resumed"],
  [
    "a paused way back waits too",
    ready().migrated("a").turnedBack().paused(),
    "wait for a person: the run to be resumed",
  ],
  ["a resumed run goes on with its node", ready().at("a", "drain").paused().resumed(), "move a"],
  ["a resumed run begins the next node", ready().migrated("a").paused().resumed(), "move b"],
];

decides({ failing, undoing, pausing });

test("the tables of failing, undoing and pausing hold at least fifty rows", () => {
  expect([...failing, ...undoing, ...pausing].length).toBeGreaterThanOrEqual(50);
});

describe("decide: holds", () => {
  test("a queued node says whose turn it is", () => {
    const story = ready();
    expect(said(decide(story.state, viewOf(story)).holds.b).because).toBe("its turn, after a");
  });

  test("a queued node says that it must be Ready first", () => {
    const story = ready();
    expect(said(decide(story.state, viewOf(story, ["b"])).holds.b).because).toBe("b to be Ready");
  });

  test("the node in hand, migrated and failed ones have no hold of the decision's", () => {
    const story = ready().migrated("a").at("b", "drain");
    expect(Object.keys(decide(story.state, viewOf(story)).holds)).toEqual(["c"]);
  });

  test("excluded and restored nodes say that a person must include them", () => {
    const story = ready().excluded("a").restored("b");
    const { holds } = decide(story.state, viewOf(story));
    expect([said(holds.a).needsPerson, said(holds.b).needsPerson]).toEqual([true, true]);
  });

  test("while consent is asked every queued node waits for it", () => {
    const story = three();
    const { holds } = decide(story.state, viewOf(story));
    expect(Object.values(holds).map((hold) => said(hold).because)).toEqual(Array(3).fill('your consent "nodes"'));
  });

  test("while the run is paused every queued node says so", () => {
    const story = ready().paused();
    expect(said(decide(story.state, viewOf(story)).holds.a).because).toBe("the run to be resumed");
  });
});

describe("the safe point of a pause", () => {
  test.each([
    ["between nodes it is now", ready().migrated("a"), null],
    ["in a drain it is now", ready().at("a", "drain"), null],
    [
      "after the hand-over it is the end of the node",
      ready().at("a", "enable-cilium"),
      "after a is moved and uncordoned",
    ],
    [
      "in an undo it is the end of the undo",
      ready().migrated("a").rollingBack("a", "rollback-agent"),
      "after a is rolled back",
    ],
  ] as const)("%s", (_sentence, story, expected) => {
    expect(safePoint(story.state)).toBe(expected);
  });
});
