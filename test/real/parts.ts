import type { Part } from "./part.ts";
import { budget } from "./parts/budget.ts";
import { byHand } from "./parts/by-hand.ts";
import { contract } from "./parts/contract.ts";
import { frozen } from "./parts/frozen.ts";
import { killed } from "./parts/killed.ts";
import { policies } from "./parts/policies.ts";
import { roles } from "./parts/roles.ts";
import { thereAndBack } from "./parts/there-and-back.ts";
import { traps } from "./parts/traps.ts";
import { largeDropped, tunnelBlocked } from "./parts/tunnel.ts";
import { wholeWay } from "./parts/whole-way.ts";

/** In this order; those before the whole way give the cluster back on its old CNI. */
export const parts: readonly Part[] = [
  contract,
  roles,
  thereAndBack,
  tunnelBlocked,
  largeDropped,
  killed,
  frozen,
  budget,
  policies,
  wholeWay,
  byHand,
  traps,
];
