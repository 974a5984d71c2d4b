import { expect, test } from "vitest";
import {
  allMoved,
  checked,
  decides,
  final,
  type Row,
  ready,
  removing,
  three,
  upgraded,
} from "../../support/lab/decisions.ts";
import { run } from "../../support/panel/run-state.ts";

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
  ["after install comes the proof", three().consented("nodes").finished("prepare", "install"), "do verify-install"],
  [
    "a proof under way is gone on with",
    three().consented("nodes").finished("prepare", "install").begun("verify-install"),
    "do verify-install",
  ],
  [
    "after the proof comes the CiliumNodeConfig",
    three().consented("nodes").finished("prepare", "install", "verify-install"),
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
    three().consented("nodes").finished("prepare", "install").stepFailed("verify-install"),
    'wait for a person: "verify-install" failed…',
  ],
  [
    "a failed step that was begun again is gone on with",
    three().consented("nodes").stepFailed("prepare").begun("prepare"),
    "do prepare",
  ],
  [
    "no node is moved before the CiliumNodeConfig is there",
    three().consented("nodes").finished("prepare", "install", "verify-install").begun("node-config"),
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
    ready().at("a", "drain").rollingBack("a", "rollback-cordon").restored("a"),
    "move b",
  ],
  [
    "with only excluded nodes left a person must decide",
    ready().migrated("a", "b").excluded("c"),
    "wait for a person: c to be included…",
  ],
  [
    "with only restored nodes left a person must decide",
    ready().migrated("a", "b").restored("c"),
    "wait for a person: c to be included…",
  ],
  [
    "excluded and restored are named together",
    ready().migrated("a").excluded("b").restored("c"),
    "wait for a person: b, c to be included…",
  ],
  [
    "four left out are shortened",
    run("a", "b", "c", "d").ready().excluded("a").excluded("b").excluded("c").excluded("d"),
    "wait for a person: a, b, c and 1 more to be included…",
  ],
  ...(
    [
      "precheck",
      "cordon",
      "drain",
      "enable-cilium",
      "restart-agent",
      "reboot",
      "wait-ready",
      "recycle-pods",
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
    "wait for a person: a to be included…",
  ],
  ["an only node is moved too", run("a").ready(), "move a"],
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
    "wait for a person: c to be included…",
  ],
  [
    "one failed node keeps it from finalizing",
    ready().consented("finalize").migrated("a", "b").failed("c", "verify"),
    'wait for a person: c failed at "verify"…',
  ],
  ["after the upgrade the agents restart", upgraded(), "do restart-agents"],
  ["then the operator", upgraded().finished("restart-agents"), "do restart-operator"],
  ["then the whole is checked", upgraded().finished("restart-agents", "restart-operator"), "do check"],
  ["only then policies come into force", checked(), "do enforce-policies"],
  ["what they refuse is watched", checked().finished("enforce-policies"), "do watch-drops"],
  [
    "refusals that nothing explains are a question, and no failure that only a retry ends",
    checked().finished("enforce-policies").stepFailed("watch-drops", "POLICY_DROPS"),
    "ask policy-drops",
  ],
  [
    "with that consent the step is ended by itself",
    checked().finished("enforce-policies").stepFailed("watch-drops", "POLICY_DROPS").consented("policy-drops"),
    "do watch-drops",
  ],
  [
    "the same step can fail for something else, which no consent overrules",
    checked().finished("enforce-policies").stepFailed("watch-drops", "STEP_TIMED_OUT").consented("policy-drops"),
    'wait for a person: "watch-drops" failed…',
  ],
  ["then the CiliumNodeConfig goes", checked().finished("enforce-policies", "watch-drops"), "do remove-node-config"],
  ["it asks again before the point of no return", final(), "ask remove-source"],
  ["consent to finalize is not consent to remove", final().asked("remove-source"), "ask remove-source"],
  ["with that consent the old CNI is saved", removing(), "do save-source"],
  ["then it goes", removing().finished("save-source"), "do remove-source"],
  ["then the nodes are cleaned", removing().finished("save-source", "remove-source"), "do clean-nodes"],
  ["then the record is closed", removing().finished("save-source", "remove-source", "clean-nodes"), "do report"],
  [
    "and it is migrated",
    removing().finished("save-source", "remove-source", "clean-nodes", "report"),
    "finish migrated",
  ],
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

const broke = 'wait for the cluster: traffic a → b, lost since 00:00:00 UTC (in "c: drain"): timed out';

const brokenPaths: readonly Row[] = [
  [
    "a path between moved nodes that broke keeps the next node from being begun",
    ready().migrated("a", "b").broke("a", "b"),
    broke,
  ],
  ["its precheck does not pass", ready().migrated("a", "b").at("c", "precheck").broke("a", "b"), broke],
  ["a node that is being drained is moved on", ready().migrated("a", "b").at("c", "drain").broke("a", "b"), "move c"],
  ["and so is one that is verified", ready().migrated("a", "b").at("c", "verify").broke("a", "b"), "move c"],
  ["its soak does not end", ready().migrated("a", "b").at("c", "soak").broke("a", "b"), broke],
  ["once it is mended the next node is begun", ready().migrated("a", "b").broke("a", "b").mended("a", "b"), "move c"],
  [
    "one that lasts needs a person",
    ready().migrated("a", "b").broke("a", "b", true),
    "wait for a person: traffic a → b, lost since…",
  ],
  [
    "further ones are counted",
    ready().migrated("a", "b").broke("a", "b").broke("b", "a"),
    `${broke} (and 1 more path)`,
  ],
  ["nothing is finalized over a broken path", allMoved().broke("a", "b"), broke],
  ["nor removed", final().consented("remove-source").broke("a", "b"), broke],
  ["a step that is under way goes on", allMoved().consented("finalize").begun("upgrade").broke("a", "b"), "do upgrade"],
  [
    "of a node that is not Ready it is known that it is silent",
    ready().migrated("a", "b").broke("a", "b"),
    "move c",
    ["b"],
  ],
  ["the way back of one node is not barred", ready().migrated("a", "b").broke("a", "b").rolledBack("b"), "undo b"],
  ["nor that of the run", ready().migrated("a", "b").broke("a", "b").turnedBack(), "undo b"],
  [
    "nor that of a run whose node stood at its soak",
    ready().migrated("a").at("b", "soak").broke("a", "b").turnedBack(),
    "undo b",
  ],
];

decides({ beginning, moving, ending, brokenPaths });

test("the forward tables hold at least fifty rows", () => {
  expect([...beginning, ...moving, ...ending].length).toBeGreaterThanOrEqual(50);
});
