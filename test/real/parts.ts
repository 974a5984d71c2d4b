import type { Part } from "./part.ts";
import { budget } from "./parts/budget.ts";
import { byHand } from "./parts/by-hand.ts";
import { contract } from "./parts/contract.ts";
import { frozen } from "./parts/frozen.ts";
import { killed } from "./parts/killed.ts";
import { roles } from "./parts/roles.ts";
import { thereAndBack } from "./parts/there-and-back.ts";
import { largeDropped, tunnelBlocked } from "./parts/tunnel.ts";
import { wholeWay } from "./parts/whole-way.ts";

/** In this order; each but the last two gives the cluster back on its old CNI. */
export const parts: readonly Part[] = [
  contract,
  roles,
  thereAndBack,
  tunnelBlocked,
  largeDropped,
  killed,
  frozen,
  budget,
  wholeWay,
  byHand,
];
