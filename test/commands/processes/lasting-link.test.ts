import { expect, test } from "vitest";
import { LastingLink } from "../../../src/commands/processes/lasting-link.ts";
import type { EngineEvent } from "../../../src/engine/model/events.ts";
import { fold } from "../../../src/engine/model/fold.ts";
import { nothingYet } from "../../../src/engine/model/state.ts";
import { textOf } from "../../support/log-line.ts";

test("what an engine waits for before it can be attached to is a line of the log, whenever somebody begins to listen", () => {
  const link = new LastingLink();
  link.say("waits until 11:00:30 UTC at the latest: the API server is starting");
  const heard: EngineEvent[] = [];
  link.onEvent((event) => heard.push(event));
  link.say("asks who has the run");
  expect(heard).toMatchObject([
    {
      type: "log",
      note: { code: "plain", params: { text: "waits until 11:00:30 UTC at the latest: the API server is starting" } },
    },
    { type: "log", note: { code: "plain", params: { text: "asks who has the run" } } },
  ]);
  expect(heard.reduce(fold, nothingYet).log.map(textOf)).toHaveLength(2);
});
