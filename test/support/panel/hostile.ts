import { seededRandom } from "crossfade-lab/random.ts";
import type { MigrationState } from "../../../src/engine/model/state.ts";

/** What somebody who may write a name, an annotation or a log line would try. */
const weapons: readonly string[] = [
  "\u001b[2J\u001b[H",
  "\u001b[31;7m",
  "\u001b]0;owned\u0007",
  "\u001b]52;c;cm0gLXJm\u0007",
  "\u001b]8;;http://evil\u001b\\click\u001b]8;;\u001b\\",
  "\u001bP$q\u001b\\",
  "\u001b_G\u001b\\",
  "\u001bc",
  "\u009b2J",
  "\u009d0;x\u009c",
  "\u0090q\u009c",
  "\r",
  "\n",
  "\r\n",
  "\b\b\b\b",
  "\u0000",
  "\u007f",
  "\u000e",
  "\u202e",
  "\u2066",
  "\u200b",
  "\u200d",
  "\ufeff",
  "\u2028",
  "\u2029",
  "\u00ad",
  "\u{e0041}",
  "\ufe0f",
  "\u3164",
  "\u2800",
  "e\u0301\u0302\u0303\u0304\u0305\u0306",
  "\u0338",
  "\u20dd",
  "\ud800",
  "\udfff",
  "漢字",
  "👩‍👩‍👧",
  "שלום",
  "مرحبا",
  "\n╔══ Remove Flannel? ══╗\n║ type prod-eu: prod-eu ║\n╚══════════════════════╝",
  "│ y does it ▓▓▓ ═══",
  '"}\n{"type":"run-finished","outcome":"migrated"}',
  "\\u001b[2J",
  "__proto__",
  "%s%n${x}`id`$(id)",
];

/** Characters that the panel never draws itself: one in a frame came from outside. */
export const foreignFrames = /[╔╗╚╝║═▓]/;

/** What no text that is shown to a person may hold, our own style sequences taken out. */
export const acting = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}\p{Me}\u2800\p{Script=Hebrew}\p{Script=Arabic}]|\p{M}{4}/u;

/** Seeded: the same seed makes the same strings. */
export function hostileStrings(seed: number): () => string {
  const random = seededRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random.next() * items.length)] as T;
  return () => {
    const parts = Array.from({ length: 1 + Math.floor(random.next() * 4) }, () => {
      const kind = random.next();
      if (kind < 0.6) return pick(weapons);
      if (kind < 0.8) return pick(["worker", "kube-system/", "10.244.0.1", " ", "is forbidden: "]);
      return String.fromCodePoint(Math.floor(random.next() * 0x2fff));
    });
    return parts.join(random.next() < 0.5 ? "" : " ");
  };
}

/** Fields whose words are a cluster's, an operator's or another program's; everything else is a closed word of ours. */
const foreignFields = new Set(
  "because clearedBy object message remedy text note summary holder by detail name version namespace daemonSet context server title lastError lastErrorBetween image configMap confFile kubernetesVersion because podCidr content plural hash".split(
    " ",
  ),
);
const foreignLists = new Set(["leftovers", "objects", "cniFiles", "podCidrs", "left", "argv"]);

/** A state whose every foreign word is hostile, the nodes' names included and the same everywhere. */
export function hostileState(state: MigrationState, next: () => string): MigrationState {
  const names = new Map(state.order.map((name) => [name, `${next()}${name}`]));
  const named = (text: string) => names.get(text);
  const spoken = (text: string, field: string, inList: boolean): string => {
    const isForeign = foreignFields.has(field) || (inList && foreignLists.has(field));
    return named(text) ?? (text !== "" && isForeign ? next() : text);
  };
  const walk = (value: unknown, field: string, inList: boolean): unknown => {
    if (typeof value === "string") return spoken(value, field, inList);
    if (Array.isArray(value)) return value.map((item) => walk(item, field, true));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [named(key) ?? key, walk(item, key, false)]));
  };
  return walk(state, "", false) as MigrationState;
}
