type Labels = Readonly<Record<string, string>>;
type Test = (labels: Labels) => boolean;

/** Words of the language; strings keep their quotes. */
const token = /\s*(?:('[^']*'|"[^"]*")|(&&|\|\||==|!=|[(){},!])|([A-Za-z0-9_./-]+))/y;

function words(text: string): string[] {
  const found: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new SyntaxError(`invalid selector at "${text.slice(at)}": ${text}`);
    found.push(match[1] ?? match[2] ?? match[3] ?? "");
  }
  return found;
}

const kept = new Map<string, Test>();

/** Whether labels meet an expression of Calico's selectors: ==, !=, in, not in, contains, starts with, ends with, has(), all(), global(), &&, ||, !. */
export function meetsSelector(expression: string, labels: Labels): boolean {
  const test = kept.get(expression) ?? new Parser(words(expression)).whole();
  kept.set(expression, test);
  return test(labels);
}

class Parser {
  readonly #words: readonly string[];
  #at = 0;

  constructor(all: readonly string[]) {
    this.#words = all;
  }

  /** An empty expression is all(). */
  whole(): Test {
    if (this.#words.length === 0) return () => true;
    const test = this.#either();
    if (this.#at < this.#words.length) throw new SyntaxError(`unexpected ${this.#words[this.#at]} in a selector`);
    return test;
  }

  #either(): Test {
    const left = this.#both();
    if (!this.#take("||")) return left;
    const right = this.#either();
    return (labels) => left(labels) || right(labels);
  }

  #both(): Test {
    const left = this.#one();
    if (!this.#take("&&")) return left;
    const right = this.#both();
    return (labels) => left(labels) && right(labels);
  }

  #one(): Test {
    if (this.#take("!")) {
      const test = this.#one();
      return (labels) => !test(labels);
    }
    if (this.#take("(")) {
      const test = this.#either();
      this.#need(")");
      return test;
    }
    const word = this.#next();
    return this.#take("(") ? this.#call(word) : this.#compared(word);
  }

  #call(name: string): Test {
    if (name === "has") {
      const key = this.#next();
      this.#need(")");
      return (labels) => labels[key] !== undefined;
    }
    if (name !== "all" && name !== "global") throw new SyntaxError(`unknown function ${name}() in a selector`);
    this.#need(")");
    return () => true;
  }

  #compared(key: string): Test {
    const operator = this.#next();
    if (operator === "in" || operator === "not") {
      if (operator === "not") this.#need("in");
      const values = this.#set();
      const isIn: Test = (labels) => values.includes(labels[key] ?? "") && labels[key] !== undefined;
      return operator === "in" ? isIn : (labels) => !isIn(labels);
    }
    if (operator === "starts" || operator === "ends") this.#need("with");
    const value = unquoted(this.#next());
    const compare = comparisons[operator];
    if (!compare) throw new SyntaxError(`unknown operator ${operator} in a selector`);
    return (labels) => compare(labels[key], value);
  }

  #set(): string[] {
    this.#need("{");
    const values: string[] = [];
    while (!this.#take("}")) {
      values.push(unquoted(this.#next()));
      this.#take(",");
    }
    return values;
  }

  #take(word: string): boolean {
    if (this.#words[this.#at] !== word) return false;
    this.#at += 1;
    return true;
  }

  #need(word: string): void {
    if (!this.#take(word))
      throw new SyntaxError(`a selector lacks ${word} before ${this.#words[this.#at] ?? "its end"}`);
  }

  #next(): string {
    const word = this.#words[this.#at];
    if (word === undefined) throw new SyntaxError("a selector ends too early");
    this.#at += 1;
    return word;
  }
}

const comparisons: Readonly<Record<string, (label: string | undefined, value: string) => boolean>> = {
  "==": (label, value) => label === value,
  "!=": (label, value) => label !== value,
  contains: (label, value) => label?.includes(value) ?? false,
  starts: (label, value) => label?.startsWith(value) ?? false,
  ends: (label, value) => label?.endsWith(value) ?? false,
};

function unquoted(word: string): string {
  if (!/^['"]/.test(word)) throw new SyntaxError(`a selector's value is quoted, not ${word}`);
  return word.slice(1, -1);
}
