import type { Decision, EngineRequest } from "./events.ts";

function aboutOf(request: EngineRequest): readonly string[] {
  switch (request.request) {
    case "consent":
      return [request.consent];
    case "exclude":
    case "include":
      return request.nodes;
    case "when-left":
      return [request.whenLeft];
    case "retry":
    case "skip":
    case "undo":
    case "rebooted":
      return request.node === null ? [] : [request.node];
    case "pause":
    case "resume":
    case "undo-all":
    case "hand-over-run":
    case "stop":
      return [];
    default:
      return request satisfies never;
  }
}

/** A request as what somebody decided, for the record and the report. */
export const decisionOf = (request: EngineRequest, at: number): Decision => ({
  at,
  by: request.by,
  request: request.request,
  about: aboutOf(request),
});
