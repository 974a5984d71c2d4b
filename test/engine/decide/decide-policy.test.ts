import { expect, test } from "vitest";
import type { RunOptions } from "../../../src/engine/model/plan-types.ts";
import { allMoved, decides, type Row } from "../../support/lab/decisions.ts";
import { type RunStory, RunStory as Story } from "../../support/panel/run-state.ts";

const told = (options: Partial<RunOptions>): RunStory => new Story(["a", "b", "c", "d"], options).ready();
const stop = () => told({});
const undo = () => told({ onNodeFailure: "rollback" });
const skip = (maxFailures = 1) => told({ onNodeFailure: "skip", maxFailures });
const trying = (retries: number) => told({ retries });

const stopping: readonly Row[] = [
  ["a failed node stops the run", stop().failed("a", "verify"), 'wait for a person: a failed at "verify"…'],
  [
    "a node that failed before anything was touched stops it too",
    stop().failed("a", "precheck"),
    'wait for a person: a failed at "precheck"…',
  ],
  [
    "once it was undone by a person the run goes on",
    stop().failed("a", "verify").rollingBack("a", "rollback-cordon").restored("a"),
    "move b",
  ],
  [
    "a node in hand is finished before a failed one is waited for",
    stop().failed("a", "verify").at("a", "verify"),
    "move a",
  ],
  [
    "max failures mean nothing to it",
    told({ maxFailures: 5 }).failed("a", "verify"),
    'wait for a person: a failed at "verify"…',
  ],
  [
    "nothing is done about it while the run is paused",
    undo().failed("a", "verify").paused(),
    "wait for a person: the run to be resumed",
  ],
];

const undoing: readonly Row[] = [
  ["a failed node is taken back", undo().failed("a", "verify"), "undo a"],
  ["whatever step it failed at", undo().failed("a", "reboot"), "undo a"],
  ["that is gone on with", undo().failed("a", "verify").policyRollback("a", "rollback-files"), "undo a"],
  [
    "once it is back the run stops",
    undo().failed("a", "verify").policyRollback("a", "rollback-cordon").restored("a"),
    'wait for a person: a failed at "verify" and was rolled back to its old CNI: it took too long',
  ],
  [
    "until a person queues it again",
    undo().failed("a", "verify").policyRollback("a", "rollback-cordon").restored("a").queued("a"),
    "move a",
  ],
  [
    "or leaves it out",
    undo().failed("a", "verify").policyRollback("a", "rollback-cordon").restored("a").excluded("a"),
    "move b",
  ],
  [
    "one that cannot be taken back waits for a person: it is not tried for ever",
    undo().failed("a", "verify").policyRollback("a", "rollback-files").failed("a", "rollback-files"),
    'wait for a person: a failed at "rollback-files"…',
  ],
  [
    "after such a one was retried and is back the run still stops",
    undo()
      .failed("a", "verify")
      .policyRollback("a", "rollback-files")
      .failed("a", "rollback-files")
      .rollingBack("a", "rollback-files")
      .restored("a"),
    'wait for a person: a failed at "verify" and was rolled back…',
  ],
  [
    "a node that a person undid is no failure",
    undo().migrated("a").rollingBack("a", "rollback-cordon").restored("a"),
    "move b",
  ],
  [
    "once Cilium has its final values no single node can go back: a person decides",
    undo().migrated("a", "b", "c", "d").consented("finalize").begun("upgrade").joined("e").failed("e", "verify"),
    'wait for a person: e failed at "verify"…',
  ],
  ["on the way back all are undone anyway", undo().failed("a", "verify").turnedBack(), "undo a"],
];

const gone = (story: RunStory, node: string) =>
  story.failed(node, "verify").policyRollback(node, "rollback-cordon").restored(node);

const skipping: readonly Row[] = [
  ["a failed node is taken back", skip().failed("a", "verify"), "undo a"],
  ["and the next one is moved", gone(skip(), "a"), "move b"],
  ["one more is taken back too", gone(skip(), "a").failed("b", "recycle-pods"), "undo b"],
  [
    "and then the run stops",
    gone(gone(skip(), "a"), "b"),
    'wait for a person: b failed at "verify" and was rolled back to its old CNI, one more than --max-failures 1 allows: it took too long',
  ],
  ["two may be allowed", gone(gone(skip(2), "a"), "b"), "move c"],
  ["with none allowed the first one stops it", gone(skip(0), "a"), "wait for a person: a failed…"],
  [
    "a node that is queued again is no failure any more",
    gone(gone(skip(), "a").queued("a").migrated("a"), "b"),
    "move c",
  ],
  ["nor is one that a person leaves out", gone(gone(skip(), "a").excluded("a"), "b"), "move c"],
  [
    "at the end the failed one keeps Cilium from taking over, with the reason",
    gone(skip(), "a").migrated("b", "c", "d"),
    'wait for a person: a to be included (a failed at "verify"): Cilium can take the cluster over only when every node is moved',
  ],
  ["a failed node that vanishes is no failure", gone(skip(), "a").vanished("a"), "move b"],
  [
    "a node that a person skipped is none",
    gone(skip().failed("a", "verify").rollingBack("a", "rollback-cordon").restored("a"), "b"),
    "move c",
  ],
];

const retrying: readonly Row[] = [
  ["a step that may be is begun again", trying(1).failed("a", "restart-agent"), "retry a (1)"],
  [
    "an agent that fails at the return is made anew",
    trying(1).failed("a", "wait-ready", "AGENT_FAILED"),
    "retry a (1)",
  ],
  [
    "a node that does not return is not waited for twice",
    trying(1).failed("a", "wait-ready"),
    "wait for a person: a failed…",
  ],
  [
    "a second time only where two are allowed",
    trying(1).failed("a", "recycle-pods").retried("a", "recycle-pods", 1).failed("a", "recycle-pods"),
    "wait for a person: a failed…",
  ],
  [
    "two are two",
    trying(2).failed("a", "recycle-pods").retried("a", "recycle-pods", 1).failed("a", "recycle-pods"),
    "retry a (2)",
  ],
  [
    "each step has its own",
    trying(1).failed("a", "recycle-pods").retried("a", "recycle-pods", 1).at("a", "uncordon").failed("a", "uncordon"),
    "retry a (1)",
  ],
  [
    "a person's retry counts anew",
    trying(1)
      .failed("a", "recycle-pods")
      .retried("a", "recycle-pods", 1)
      .failed("a", "recycle-pods")
      .at("a", "recycle-pods")
      .failed("a", "recycle-pods"),
    "retry a (1)",
  ],
  ["a reboot is never repeated by itself", trying(3).failed("a", "reboot"), "wait for a person: a failed…"],
  ["nor a drain, whose time is the operator's", trying(3).failed("a", "drain"), "wait for a person: a failed…"],
  [
    "a refusal says the same again",
    trying(3).failed("a", "recycle-pods", "DRAIN_REFUSED"),
    "wait for a person: a failed…",
  ],
  ["so does a bug", trying(3).failed("a", "recycle-pods", "BUG"), "wait for a person: a failed…"],
  [
    "the way back is tried again too",
    trying(1).at("a", "recycle-pods").rollingBack("a", "rollback-agent").failed("a", "rollback-agent"),
    "retry a (1)",
  ],
  [
    "also when all is undone",
    trying(1).migrated("a").turnedBack().rollingBack("a", "rollback-agent").failed("a", "rollback-agent"),
    "retry a (1)",
  ],
  [
    "a node is taken back only when its retries are used up",
    told({ retries: 1, onNodeFailure: "rollback" }).failed("a", "recycle-pods"),
    "retry a (1)",
  ],
  [
    "and then it is",
    told({ retries: 1, onNodeFailure: "rollback" })
      .failed("a", "recycle-pods")
      .retried("a", "recycle-pods", 1)
      .failed("a", "recycle-pods"),
    "undo a",
  ],
];

decides({ stopping, undoing, skipping, retrying });

test("the policy's tables hold at least thirty rows, and a cluster without failures is none of them", () => {
  expect([...stopping, ...undoing, ...skipping, ...retrying].length).toBeGreaterThanOrEqual(30);
  expect(allMoved().state.outcome).toBeNull();
});
