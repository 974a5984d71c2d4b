import type { Scenario } from "../scenario.ts";
import { deployment, plants } from "./odd-pods.ts";

/** Two pods of more than half a node each fill both workers: while one of them moves, its pod fits nowhere. */
export const noRoomElsewhere: Scenario = {
  name: "no-room-elsewhere",
  summary: "the other nodes have no room for the pods of a worker while it moves",
  answer:
    "Warns before the run by how much it does not fit; then moves the nodes all the same. What finds no place waits, Pending, until its node is back.",
  options: "Add a node for the time or scale something down; or choose a time in which these pods may be away.",
  begin: plants(deployment({ name: "giant", container: { resources: { requests: { cpu: "10", memory: "1Gi" } } } }, 2)),
};
