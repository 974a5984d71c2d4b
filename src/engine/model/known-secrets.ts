/** From this length on a text is a credential wherever it stands; a shorter one is looked for where it stands alone. */
const surelySecret = 16;
/** Shorter ones are no secrets by themselves: what stands before them tells, a header's or a variable's name. */
const leastLength = 6;
/** Tokens are renewed for as long as a run lasts: so many are remembered, and the eldest forgotten. */
const mostKnown = 200;

const hidden = "(hidden)";

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

/** As it stands in JSON, and in JSON within JSON. */
function writings(secret: string): readonly string[] {
  const once = JSON.stringify(secret).slice(1, -1);
  return [secret, once, JSON.stringify(once).slice(1, -1)];
}

/**
 * No name that Kubernetes allows and no word of a sentence: it has a sign that neither has, digits beside capitals, or
 * capitals in its midst again and again, as base64 has.
 */
const isUnmistakable = (secret: string): boolean =>
  !/\s/.test(secret) &&
  (/[!#$%^&*+=?~|\\<>;{}[\]]/.test(secret) || /\d.*\p{Lu}|\p{Lu}.*\d|\p{Ll}\p{Lu}.*\p{Ll}\p{Lu}/u.test(secret));

/** Not in the middle of a word; a line's end as JSON writes it, and a colour, end with a letter and are none. */
const before = String.raw`(?<=^|[^\p{L}\p{N}_]|\\[bfnrt]|(?:\u001b|\\u001b)\[[\d;]*m)`;
const after = String.raw`(?![\p{L}\p{N}_])`;
/** What may be a word or a name is left alone where it is part of a longer name: worker-1, kube-system/worker, worker.local. */
const joinedBefore = String.raw`(?<![\p{L}\p{N}][-./])`;
const joinedAfter = String.raw`(?![-./][\p{L}\p{N}])`;

const isWordy = (letter = ""): boolean => /[\p{L}\p{N}_]/u.test(letter);

function standingAlone(text: string, isName: boolean): string {
  const [from, to] = isName ? [before + joinedBefore, joinedAfter + after] : [before, after];
  return `${isWordy(text[0]) ? from : ""}${literally(text)}${isWordy(text.at(-1)) ? to : ""}`;
}

function patternOf(secrets: readonly string[]): RegExp | null {
  const all = secrets.flatMap((secret) => {
    const isLong = secret.length >= surelySecret;
    return writings(secret).map((text) => (isLong ? literally(text) : standingAlone(text, !isUnmistakable(secret))));
  });
  return all.length === 0 ? null : new RegExp([...new Set(all)].join("|"), "gu");
}

/** A sentence, as against a name, an address or a number. */
const isSentence = (text: string): boolean => /\s/.test(text);

/**
 * The credentials that this process has used, also those that were renewed since: the last filter on whatever leaves it.
 * Who sent a text, and how it came to hold one of them, does not matter here.
 */
export class KnownSecrets {
  readonly #known = new Set<string>();
  #every: RegExp | null = null;
  #unmistakable: RegExp | null = null;

  add(secrets: readonly string[]): void {
    const fresh = secrets.filter((one) => one.length >= leastLength && !this.#known.has(one));
    if (fresh.length === 0) return;
    for (const secret of fresh) this.#known.add(secret);
    for (const eldest of this.#known) {
      if (this.#known.size <= mostKnown) break;
      this.#known.delete(eldest);
    }
    // The longest first: one may hold another.
    const all = [...this.#known].toSorted((a, b) => b.length - a.length);
    this.#every = patternOf(all);
    this.#unmistakable = patternOf(all.filter((one) => one.length >= surelySecret || isUnmistakable(one)));
  }

  /** Of somebody else's words. */
  hideInSentence(text: string): string {
    return this.#every === null ? text : text.replace(this.#every, hidden);
  }

  /** Of a whole line, document or request: what may be a name ("kubernetes", "abc123") may be one in it, and stays. */
  hideInDocument(text: string): string {
    return this.#unmistakable === null ? text : text.replace(this.#unmistakable, hidden);
  }

  /** Of plain data, which is returned as it is where it holds none. A plan is left alone: its hash stands for every word of it. */
  hideIn<T>(value: T): T {
    return this.#every === null ? value : (this.#in(value) as T);
  }

  #in(value: unknown): unknown {
    if (typeof value === "string") return isSentence(value) ? this.hideInSentence(value) : this.hideInDocument(value);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) {
      const items = value.map((item) => this.#in(item));
      return items.some((item, index) => item !== value[index]) ? items : value;
    }
    const entries = Object.entries(value);
    const cleaned = entries.map(([key, item]) => [key, key === "plan" ? item : this.#in(item)] as const);
    return cleaned.some(([, item], index) => item !== entries[index]?.[1]) ? Object.fromEntries(cleaned) : value;
  }
}

/** Of this process: credentials belong to it as its environment does, and no way out of it may forget to be told of them. */
export const knownSecrets = new KnownSecrets();
