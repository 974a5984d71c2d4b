/** From this length on a text is a credential wherever it stands; a shorter one may also be a name ("kubernetes"). */
const surelySecret = 16;
/** Shorter ones are no secrets, and would black out half of a sentence. */
const leastLength = 6;
/** Tokens are renewed for as long as a run lasts: so many are remembered, and the eldest forgotten. */
const mostKnown = 200;

const hidden = "(hidden)";

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");

/** As it stands in JSON, and in JSON within JSON. */
function writings(secret: string): readonly string[] {
  const once = JSON.stringify(secret).slice(1, -1);
  return [secret, once, JSON.stringify(once).slice(1, -1)];
}

function patternOf(secrets: readonly string[]): RegExp | null {
  const all = [...new Set(secrets.flatMap(writings))].toSorted((a, b) => b.length - a.length);
  return all.length === 0 ? null : new RegExp(all.map(literally).join("|"), "g");
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
  #long: RegExp | null = null;

  add(secrets: readonly string[]): void {
    const fresh = secrets.filter((one) => one.length >= leastLength && !this.#known.has(one));
    if (fresh.length === 0) return;
    for (const secret of fresh) this.#known.add(secret);
    for (const eldest of this.#known) {
      if (this.#known.size <= mostKnown) break;
      this.#known.delete(eldest);
    }
    this.#every = patternOf([...this.#known]);
    this.#long = patternOf([...this.#known].filter(({ length }) => length >= surelySecret));
  }

  /** Of somebody else's words. */
  hideInSentence(text: string): string {
    return this.#every === null ? text : text.replace(this.#every, hidden);
  }

  /** Of a whole line, document or request: what is short may be a name in it, and stays. */
  hideInDocument(text: string): string {
    return this.#long === null ? text : text.replace(this.#long, hidden);
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
