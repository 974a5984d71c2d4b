import type { Command } from "./command.ts";
import { demo } from "./demo.ts";
import { engine } from "./engine.ts";
import { lab } from "./lab.ts";
import { migrate } from "./migrate.ts";
import { include, retry, skip } from "./node-requests.ts";
import { pause, resume } from "./pace.ts";
import { plan } from "./plan.ts";
import { policies } from "./policies.ts";
import { preflight } from "./preflight.ts";
import { rbac } from "./rbac.ts";
import { repair } from "./repair.ts";
import { report } from "./report.ts";
import { rollback } from "./rollback.ts";
import { status } from "./status.ts";
import { release, takeOver } from "./take-over.ts";

/** Every command by name, in the order in which --help lists them. */
export const commands: readonly Command[] = [
  demo,
  lab,
  preflight,
  rbac,
  plan,
  policies,
  migrate,
  status,
  repair,
  pause,
  resume,
  takeOver,
  release,
  rollback,
  retry,
  skip,
  include,
  report,
  engine,
];
