import type { RunnerNews } from "../model/ports/observers.ts";

/** That a pause was asked for is written at once, that it took hold is told with the news, up to 2 s later. */
export function paceOf(paused: boolean, news: RunnerNews | null): Pick<RunnerNews, "pace" | "takesHoldAt"> {
  if (!paused) return { pace: "running", takesHoldAt: "" };
  if (news === null) return { pace: "paused", takesHoldAt: "" };
  const { pace, takesHoldAt } = news;
  return pace === "running" ? { pace: "pausing", takesHoldAt: "" } : { pace, takesHoldAt };
}
