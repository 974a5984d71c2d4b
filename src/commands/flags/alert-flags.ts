import { type AlertKind, alertKinds, alertsFor } from "../../store/alerts.ts";
import type { Flags, Given, World } from "../command.ts";
import { CommandError } from "../command-error.ts";
import { text } from "./flags.ts";

/** How the panel calls somebody who looks elsewhere. */
export const alertFlags = {
  alert: {
    type: "string",
    value: "LIST",
    help: "what the panel does when the run asks, fails or ends: bell, title, notification, or none (default: all that the terminal is known to take)",
  },
} as const satisfies Flags;

/** What was chosen, or what this terminal takes. */
export function alertsGiven(given: Given, env: World["env"]): ReadonlySet<AlertKind> {
  const asked = text(given, "alert");
  if (asked === undefined) return alertsFor(env);
  if (asked.trim() === "none") return new Set();
  return new Set(
    asked.split(",").map((word) => {
      const found = alertKinds.find((kind) => kind === word.trim());
      if (found) return found;
      throw new CommandError(
        "USAGE",
        `--alert ${word.trim()} is not known`,
        `it is none, or some of: ${alertKinds.join(", ")} (comma-separated)`,
      );
    }),
  );
}
