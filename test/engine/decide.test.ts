import { describe, expect, test } from "vitest";
import { type Act, decide, safePoint, type View } from "../../src/engine/decide.ts";
import { type RunStory, run } from "../support/run-state.ts";

const told = (act: Act): string => {
  switch (act.do) {
    case "run-step":
      return `do ${act.step}`;
    case "move-node":
      return `move ${act.node}`;
    case "undo-node":
      return `undo ${act.node}`;
    case "ask":
      return `ask ${act.consent}`;
    case "stand-still":
      return "stand still";
    case "wait":
      return `wait ${act.reason.needsPerson ? "for a person" : "for the cluster"}: ${act.reason.because}`;
    case "finish":
      return `finish ${act.outcome}`;
    default:
      return act satisfies never;
  }
};

const viewOf = (story: RunStory, notReady: readonly string[] = []): View =>
  new Map(story.state.order.map((name) => [name, { ready: !notReady.includes(name) }]));

/** [what is so, the story, what is done; a trailing … compares the beginning only] */
type Row = readonly [string, RunStory, string, (readonly string[])?];

const three = () => run("a", "b", "c");
const ready = () => three().ready();
const allMoved = () => ready().migrated("a", "b", "c");
const upgraded = () => allMoved().consented("finalize").finished("upgrade");
const final = () => upgraded().finished("restart-agents", "restart-operator", "check", "remove-node-config");
const removing = () => final().consented("remove-source");

const beginning: readonly Row[] = [
  ["a new run asks before it touches anything", three(), "ask nodes"],
  ["it goes on asking while it is asked", three().asked("nodes"), "ask nodes"],
  ["excluding nodes does not stand for consent", three().excluded("a"), "ask nodes"],
  ["with consent it prepares", three().consented("nodes"), "do prepare"],
  ["a step that has begun is gone on with", three().consented("nodes").begun("prepare"), "do prepare"],
  ["after prepare comes install", three().consented("nodes").finished("prepare"), "do install"],
  [
    "an installation under way is gone on with",
    three().consented("nodes").finished("prepare").begun("install"),
    "do install",
  ],
  ["after install comes the proof", three().consented("nodes").finished("prepare", "install"), "do prove"],
  [
    "a proof under way is gone on with",
    three().consented("nodes").finished("prepare", "install").begun("prove"),
    "do prove",
  ],
  [
    "after the proof comes the CiliumNodeConfig",
    three().consented("nodes").finished("prepare", "install", "prove"),
    "do node-config",
  ],
  [
    "consents for later do not skip the first steps",
    three().consented("nodes", "finalize", "remove-source"),
    "do prepare",
  ],
  [
    "a failed preparation waits for a person",
    three().consented("nodes").begun("prepare").stepFailed("prepare"),
    'wait for a person: "prepare" failed…',
  ],
  [
    "a failed installation waits for a person",
    three().consented("nodes").finished("prepare").stepFailed("install"),
    'wait for a person: "install" failed…',
  ],
  [
    "a failed proof waits for a person",
    three().consented("nodes").finished("prepare", "install").stepFailed("prove"),
    'wait for a person: "prove" failed…',
  ],
  [
    "a failed step that was begun again is gone on with",
    three().consented("nodes").stepFailed("prepare").begun("prepare"),
    "do prepare",
  ],
  [
    "no node is moved before the CiliumNodeConfig is there",
    three().consented("nodes").finished("prepare", "install", "prove").begun("node-config"),
    "do node-config",
  ],
];

const moving: readonly Row[] = [
  ["the first node of the plan goes first", ready(), "move a"],
  ["the second follows the first", ready().migrated("a"), "move b"],
  ["the third follows the second", ready().migrated("a", "b"), "move c"],
  ["order is the plan's, not the alphabet's", run("z", "a").ready(), "move z"],
  ["a node that is NotReady is passed over for one that is Ready", ready(), "move b", ["a"]],
  ["two NotReady nodes are passed over", ready(), "move c", ["a", "b"]],
  ["with all nodes NotReady the run waits", ready(), "wait for the cluster: a, b, c to be Ready", ["a", "b", "c"]],
  [
    "with the last one NotReady the run waits for it",
    ready().migrated("a", "b"),
    "wait for the cluster: c to be Ready",
    ["c"],
  ],
  ["an excluded node is passed over", ready().excluded("a"), "move b"],
  [
    "a restored node is not moved again by itself",
    ready().at("a", "drain").undoing("a", "undo-cordon").restored("a"),
    "move b",
  ],
  [
    "with only excluded nodes left a person must decide",
    ready().migrated("a", "b").excluded("c"),
    "wait for a person: c left out…",
  ],
  [
    "with only restored nodes left a person must decide",
    ready().migrated("a", "b").restored("c"),
    "wait for a person: c left out…",
  ],
  [
    "excluded and restored are named together",
    ready().migrated("a").excluded("b").restored("c"),
    "wait for a person: b, c left out…",
  ],
  [
    "four left out are shortened",
    run("a", "b", "c", "d").ready().excluded("a").excluded("b").excluded("c").excluded("d"),
    "wait for a person: a, b, c and 1 more left out…",
  ],
  ...(
    [
      "gate",
      "cordon",
      "drain",
      "hand-over",
      "restart-agent",
      "reboot",
      "return",
      "sweep",
      "verify",
      "uncordon",
      "soak",
    ] as const
  ).map((step): Row => [`a node at ${step} is gone on with`, ready().at("a", step), "move a"]),
  [
    "a node in hand is gone on with although it is NotReady, for it reboots",
    ready().at("a", "reboot"),
    "move a",
    ["a"],
  ],
  ["a node in hand comes before the first in order", ready().at("b", "drain"), "move b"],
  [
    "a node in hand comes before queued ones although another is migrated",
    ready().migrated("a").at("c", "drain"),
    "move c",
  ],
  ["a joined node is moved like any other", ready().migrated("a", "b", "c").joined("d"), "move d"],
  ["a vanished node is not waited for", ready().migrated("a", "b").vanished("c"), "ask finalize"],
  ["a node that vanished while it was moved frees the run", ready().at("a", "drain").vanished("a"), "move b"],
  [
    "a joined NotReady node is waited for, not finalized past",
    ready().migrated("a", "b", "c").joined("d"),
    "wait for the cluster: d to be Ready",
    ["d"],
  ],
  [
    "a node that was included again is moved",
    ready().excluded("a").migrated("b", "c"),
    "wait for a person: a left out…",
  ],
  ["an only node is moved too", run("a").ready(), "move a"],
];

const failing: readonly Row[] = [
  ...(["gate", "drain", "restart-agent", "reboot", "return", "sweep", "verify"] as const).map(
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
  ["a failed node that is undone is gone on with", ready().failed("a", "verify").undoing("a", "undo-cordon"), "undo a"],
  [
    "after the undo of a failed node the others go on",
    ready().failed("a", "verify").undoing("a", "undo-verify").restored("a"),
    "move b",
  ],
  ["a failed node that was excluded lets the others go on", ready().failed("a", "drain").excluded("a"), "move b"],
  ["a failed node that vanished lets the others go on", ready().failed("a", "return").vanished("a"), "move b"],
  [
    "a failure on the way back of one node stops too",
    ready().migrated("a").undoing("a", "undo-verify").failed("a", "undo-verify"),
    'wait for a person: a failed at "undo-verify"…',
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
  ["a node being undone is gone on with", ready().migrated("a").undoing("a", "undo-cordon"), "undo a"],
  ["it comes before queued nodes", ready().migrated("b").undoing("b", "undo-drain"), "undo b"],
  [
    "a node being undone is gone on with although it is NotReady",
    ready().migrated("a").undoing("a", "undo-agent"),
    "undo a",
    ["a"],
  ],
  ["undoing everything begins with the last moved", ready().migrated("a", "b").turnedBack(), "undo b"],
  ["then comes the one before", ready().migrated("a").restored("b").turnedBack(), "undo a"],
  ["a node in mid-move is undone at once", ready().at("a", "sweep").turnedBack(), "undo a"],
  ["a node in mid-move is undone before migrated ones", ready().migrated("a").at("b", "verify").turnedBack(), "undo b"],
  ["a failed node is undone on the way back", ready().at("a", "verify").failed("a", "verify").turnedBack(), "undo a"],
  [
    "a node that failed to go back waits for a person",
    ready().migrated("a").failed("a", "undo-verify").turnedBack(),
    'wait for a person: a failed at "undo-verify"…',
  ],
  ["queued nodes need no undo", ready().turnedBack(), "do undo-node-config"],
  ["excluded nodes need no undo", ready().excluded("a").turnedBack(), "do undo-node-config"],
  ["NotReady migrated nodes are passed over for Ready ones", ready().migrated("a", "b").turnedBack(), "undo a", ["b"]],
  [
    "with all of them NotReady the way back waits",
    ready().migrated("a").turnedBack(),
    "wait for the cluster: a to be Ready",
    ["a"],
  ],
  ["after the nodes the CiliumNodeConfig goes", ready().restored("a").turnedBack(), "do undo-node-config"],
  ["then Cilium", ready().turnedBack().finished("undo-node-config"), "do undo-install"],
  ["then the taint", ready().turnedBack().finished("undo-node-config", "undo-install"), "do undo-clean"],
  [
    "then the record is closed",
    ready().turnedBack().finished("undo-node-config", "undo-install", "undo-clean"),
    "do undo-report",
  ],
  [
    "and it is undone",
    ready().turnedBack().finished("undo-node-config", "undo-install", "undo-clean", "undo-report"),
    "finish undone",
  ],
  [
    "a way back before the nodes undoes the installation too",
    three().consented("nodes").finished("prepare").begun("install").turnedBack(),
    "do undo-node-config",
  ],
  [
    "a failed proof does not bar the way back",
    three().consented("nodes").finished("prepare", "install").stepFailed("prove").turnedBack(),
    "do undo-node-config",
  ],
  ["after the upgrade the hybrid values come back first", upgraded().turnedBack(), "do undo-upgrade"],
  [
    "even when the upgrade only began",
    allMoved().consented("finalize").begun("upgrade").turnedBack(),
    "do undo-upgrade",
  ],
  ["then the nodes, last first", upgraded().turnedBack().finished("undo-upgrade"), "undo c"],
  [
    "a failed way-back step waits for a person",
    ready().turnedBack().stepFailed("undo-install"),
    'wait for a person: "undo-install" failed…',
  ],
  ["a joined node does not hinder the way back", ready().joined("d").turnedBack(), "do undo-node-config"],
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
  ...(["gate", "cordon", "drain", "soak"] as const).map(
    (step): Row => [`a pause at ${step} takes hold at once`, ready().at("a", step).pausing(), "stand still"],
  ),
  ...(["hand-over", "restart-agent", "reboot", "return", "sweep", "verify", "uncordon"] as const).map(
    (step): Row => [`a pause at ${step} waits until the node is through`, ready().at("a", step).pausing(), "move a"],
  ),
  [
    "a pause during an undo waits until the node is restored",
    ready().migrated("a").undoing("a", "undo-files").pausing(),
    "undo a",
  ],
  ["the pause takes hold when that node is migrated", ready().at("a", "verify").pausing().migrated("a"), "stand still"],
  ["a paused run waits for a person", ready().paused(), "wait for a person: the run is paused"],
  [
    "a paused run does not go on with a drain",
    ready().at("a", "drain").paused(),
    "wait for a person: the run is paused",
  ],
  ["a paused run does not ask for consents", allMoved().paused(), "wait for a person: the run is paused"],
  ["a paused way back waits too", ready().migrated("a").turnedBack().paused(), "wait for a person: the run is paused"],
  ["a resumed run goes on with its node", ready().at("a", "drain").paused().resumed(), "move a"],
  ["a resumed run begins the next node", ready().migrated("a").paused().resumed(), "move b"],
];

const ending: readonly Row[] = [
  ["with every node moved it asks before finalizing", allMoved(), "ask finalize"],
  [
    "with the consent given beforehand it does not ask",
    ready().consented("finalize").migrated("a", "b", "c"),
    "do upgrade",
  ],
  [
    "consent to finalize does not finalize before the last node",
    ready().consented("finalize").migrated("a", "b"),
    "move c",
  ],
  [
    "one excluded node keeps it from finalizing",
    ready().consented("finalize").migrated("a", "b").excluded("c"),
    "wait for a person: c left out…",
  ],
  [
    "one failed node keeps it from finalizing",
    ready().consented("finalize").migrated("a", "b").failed("c", "verify"),
    'wait for a person: c failed at "verify"…',
  ],
  ["after the upgrade the agents restart", upgraded(), "do restart-agents"],
  ["then the operator", upgraded().finished("restart-agents"), "do restart-operator"],
  ["then the whole is checked", upgraded().finished("restart-agents", "restart-operator"), "do check"],
  [
    "then the CiliumNodeConfig goes",
    upgraded().finished("restart-agents", "restart-operator", "check"),
    "do remove-node-config",
  ],
  ["it asks again before the point of no return", final(), "ask remove-source"],
  ["consent to finalize is not consent to remove", final().asked("remove-source"), "ask remove-source"],
  ["with that consent the old CNI goes", removing(), "do remove-source"],
  ["then the nodes are cleaned", removing().finished("remove-source"), "do clean-nodes"],
  ["then the record is closed", removing().finished("remove-source", "clean-nodes"), "do report"],
  ["and it is migrated", removing().finished("remove-source", "clean-nodes", "report"), "finish migrated"],
  ["a node that joins before the end is moved first", final().joined("d"), "move d"],
  [
    "a node that joins during the removal is moved before it goes on",
    removing().begun("remove-source").joined("d"),
    "move d",
  ],
  [
    "nothing is left to do for a cluster whose nodes all vanished but one",
    ready().migrated("a").vanished("b").vanished("c"),
    "ask finalize",
  ],
];

const tables = { beginning, moving, failing, undoing, pausing, ending };

for (const [name, rows] of Object.entries(tables)) {
  describe(`decide: ${name}`, () => {
    test.each(rows.map((row) => [row[0], row] as const))("%s", (_sentence, [, story, expected, notReady]) => {
      const { act } = decide(story.state, viewOf(story, notReady));
      if (expected.endsWith("…")) expect(told(act)).toMatch(new RegExp(`^${literally(expected.slice(0, -1))}`));
      else expect(told(act)).toBe(expected);
    });
  });
}

const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

test("the tables hold at least a hundred rows", () => {
  expect(Object.values(tables).flat().length).toBeGreaterThanOrEqual(100);
});

describe("decide: holds", () => {
  test("a queued node says whose turn it is", () => {
    const story = ready();
    expect(decide(story.state, viewOf(story)).holds.b?.because).toBe("its turn, after a");
  });

  test("a queued node says that it must be Ready first", () => {
    const story = ready();
    expect(decide(story.state, viewOf(story, ["b"])).holds.b?.because).toBe("b to be Ready");
  });

  test("the node in hand, migrated and failed ones have no hold of the decision's", () => {
    const story = ready().migrated("a").at("b", "drain");
    expect(Object.keys(decide(story.state, viewOf(story)).holds)).toEqual(["c"]);
  });

  test("excluded and restored nodes say that a person must include them", () => {
    const story = ready().excluded("a").restored("b");
    const { holds } = decide(story.state, viewOf(story));
    expect([holds.a?.needsPerson, holds.b?.needsPerson]).toEqual([true, true]);
  });

  test("while consent is asked every queued node waits for it", () => {
    const story = three();
    const { holds } = decide(story.state, viewOf(story));
    expect(Object.values(holds).map(({ because }) => because)).toEqual(Array(3).fill('your consent "nodes"'));
  });

  test("while the run is paused every queued node says so", () => {
    const story = ready().paused();
    expect(decide(story.state, viewOf(story)).holds.a?.because).toBe("the run is paused");
  });
});

describe("the safe point of a pause", () => {
  test.each([
    ["between nodes it is now", ready().migrated("a"), null],
    ["in a drain it is now", ready().at("a", "drain"), null],
    ["after the hand-over it is the end of the node", ready().at("a", "hand-over"), "after a is moved and uncordoned"],
    ["in an undo it is the end of the undo", ready().migrated("a").undoing("a", "undo-agent"), "after a is restored"],
  ] as const)("%s", (_sentence, story, expected) => {
    expect(safePoint(story.state)).toBe(expected);
  });
});
