import type { Decision } from "../../engine/model/events.ts";

type Words = Readonly<Record<Decision["request"], (about: string) => string>>;

const words: Words = {
  pause: () => "paused the run",
  resume: () => "resumed the run",
  consent: (about) => `gave consent "${about}"`,
  agree: () => "agreed to take the recorded run up on this machine",
  exclude: (about) => `excluded ${about}`,
  include: (about) => `included ${about} again`,
  retry: (about) => (about === "" ? "had the step of the run tried again" : `had ${about} tried again`),
  skip: (about) => `skipped ${about}`,
  rollback: (about) => `rolled ${about} back`,
  "rollback-all": () => "rolled the whole run back",
  rebooted: (about) => `said that ${about} was restarted`,
  "when-left": (about) => `chose "${about}" for when the panel goes`,
  "release-run": () => "took the run over",
  stop: () => "stopped the engine",
};

/** One decision as a line: when, who, what. */
export function decisionLine({ at, by, request, about }: Decision): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z  ${by} ${words[request](about.join(", "))}`;
}
