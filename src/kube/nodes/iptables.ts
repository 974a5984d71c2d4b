/** Tables in which a CNI leaves chains. */
const tables = ["raw", "mangle", "nat", "filter"];

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

/** A rule that is known by its comment. */
interface CommentedRule {
  readonly chain: string;
  readonly comment: string;
}

const commentsOf = (rule: readonly string[]) => rule.filter((_, index) => rule[index - 1] === "--comment");

/** Rules in chains of others by what their comment begins with, those that go with the chain they lead to left out. */
export function commentedRules(
  { rules }: SavedTable,
  of: { readonly chainPrefixes: readonly string[]; readonly ruleComments: readonly string[] },
): readonly CommentedRule[] {
  const isOwn = (chain: string) => of.chainPrefixes.some((prefix) => chain.startsWith(prefix));
  return rules.flatMap((rule) => {
    const [, chain = ""] = rule;
    const comment = commentsOf(rule).find((one) => of.ruleComments.some((prefix) => one.startsWith(prefix)));
    return comment === undefined || isOwn(chain) || isOwn(targetOf(rule) ?? "") ? [] : [{ chain, comment }];
  });
}

/**
 * Arguments after `iptables -w -t TABLE`, in order: rules by "CHAIN comment", jumps into the chains, then what is in them, then
 * the chains.
 */
export function removal(
  saved: SavedTable,
  chains: readonly string[],
  named: readonly string[] = [],
): readonly (readonly string[])[] {
  const doomed = new Set(chains.filter((chain) => saved.chains.includes(chain)));
  const isNamed = (rule: readonly string[]) => commentsOf(rule).some((one) => named.includes(`${rule[1]} ${one}`));
  const going = saved.rules.filter(
    (rule) => !doomed.has(rule[1] ?? "") && (isNamed(rule) || doomed.has(targetOf(rule) ?? "")),
  );
  return [
    ...going.map((rule) => ["-D", ...rule.slice(1)]),
    ...[...doomed].map((chain) => ["-F", chain]),
    ...[...doomed].map((chain) => ["-X", chain]),
  ];
}
