/** Tables in which a CNI leaves chains. */
const tables = ["nat", "filter", "mangle"];

export interface SavedTable {
  readonly chains: readonly string[];
  /** Each rule as arguments, "-A CHAIN …". */
  readonly rules: readonly (readonly string[])[];
}

/** Splits a line of iptables-save into arguments; its quoting is double quotes with backslashes. */
export function ruleArguments(line: string): readonly string[] {
  const out: string[] = [];
  for (const match of line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)) {
    const quoted = match[1];
    out.push(quoted === undefined ? (match[2] ?? "") : quoted.replace(/\\(.)/g, "$1"));
  }
  return out;
}

/** What `iptables-save` printed, by table; counters, comments and COMMIT are left out, and tables that no CNI writes to. */
export function parseSaved(output: string): ReadonlyMap<string, SavedTable> {
  const found = new Map<string, { readonly chains: string[]; readonly rules: (readonly string[])[] }>();
  let table = "";
  for (const raw of output.split("\n")) {
    const line = raw.trim().replace(/^\[\d+:\d+\]\s*/, "");
    if (line.startsWith("*")) {
      table = line.slice(1);
      if (tables.includes(table) && !found.has(table)) found.set(table, { chains: [], rules: [] });
    }
    const saved = found.get(table);
    if (line.startsWith(":")) saved?.chains.push(line.slice(1).split(" ")[0] ?? "");
    else if (line.startsWith("-A ")) saved?.rules.push(ruleArguments(line));
  }
  return found;
}

function targetOf(rule: readonly string[]): string | null {
  const jump = rule.findIndex((argument) => argument === "-j" || argument === "-g");
  return jump < 0 ? null : (rule[jump + 1] ?? null);
}

/** Arguments after `iptables -w -t TABLE`, in order: jumps into the chains, then what is in them, then the chains. */
export function removal(saved: SavedTable, chains: readonly string[]): readonly (readonly string[])[] {
  const doomed = new Set(chains.filter((chain) => saved.chains.includes(chain)));
  const jumps = saved.rules.filter((rule) => !doomed.has(rule[1] ?? "") && doomed.has(targetOf(rule) ?? ""));
  return [
    ...jumps.map((rule) => ["-D", ...rule.slice(1)]),
    ...[...doomed].map((chain) => ["-F", chain]),
    ...[...doomed].map((chain) => ["-X", chain]),
  ];
}
