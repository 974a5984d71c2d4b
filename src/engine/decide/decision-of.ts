import type { Decision, EngineRequest } from "../model/events.ts";

/** Nodes, the consent, or what is to be when the panel goes; nothing where it is about the run. */
function aboutOf(request: EngineRequest): readonly string[] {
  if ("consent" in request) return [request.consent];
  if ("whenLeft" in request) return [request.whenLeft];
  if ("nodes" in request) return request.nodes;
  return "node" in request && request.node !== null ? [request.node] : [];
}

/** A request as what somebody decided, for the record and the report. */
export const decisionOf = (request: EngineRequest, at: number): Decision => ({
  at,
  by: request.by,
  request: request.request,
  about: aboutOf(request),
});
