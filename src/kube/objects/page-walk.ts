import { Unavailable } from "../../engine/model/errors.ts";
import { TooLongError } from "../client/send.ts";
import { at, list, text } from "./read.ts";

/** Large enough to be quick, small enough that parsing one page does not stall the loop. */
const pageSize = 500;
/** No cluster has more of anything that we list; a server that goes on all the same goes on for ever. */
const mostObjects = 500_000;
/** Of pages that hold nothing and yet are not the last: a server that filters may answer some. */
const mostEmpty = 100;

const nameOf = (object: unknown): string => {
  const [namespace, name] = [text(at(object, "metadata", "namespace")), text(at(object, "metadata", "name"))];
  return namespace === "" ? name : `${namespace}/${name}`;
};

/** /apis/apps/v1/deployments → deployments. */
const resourceOf = (path: string): string => path.split("?")[0]?.split("/").at(-1) ?? path;

/** The way through a list, page by page: pages that are too long become shorter, and a list without end has one. */
class PageWalk {
  readonly #resource: string;
  readonly #begun = new Set<string>();
  #limit = pageSize;
  #token = "";
  #last = "";
  #objects = 0;
  #empty = 0;

  constructor(path: string) {
    this.#resource = resourceOf(path);
  }

  /** Of the next page. */
  get query(): Readonly<Record<string, string>> {
    return { limit: String(this.#limit), ...(this.#token === "" ? {} : { continue: this.#token }) };
  }

  /** The page is asked for again with a quarter of the objects; throws where one of them alone is too long. */
  tooLong(): void {
    if (this.#limit === 1) {
      const where = this.#last === "" ? "the first of all" : `the one behind ${this.#last}`;
      throw new Unavailable(`one of the ${this.#resource} is too long to be read: ${where}`);
    }
    this.#limit = Math.max(1, Math.floor(this.#limit / 4));
  }

  /** True when there are more; throws for a list that does not come to its end. */
  took(page: unknown): boolean {
    const items = list(at(page, "items"));
    const token = text(at(page, "metadata", "continue"));
    if (token === "") return false;
    const first = nameOf(items[0]);
    this.#objects += items.length;
    this.#empty += items.length === 0 ? 1 : 0;
    const again = token === this.#token || this.#begun.has(first);
    if (again || this.#empty > mostEmpty || this.#objects > mostObjects) {
      const what = again ? "the API server begins it again and again" : `${this.#objects} so far`;
      throw new Unavailable(`the list of ${this.#resource} has no end: ${what}`);
    }
    if (first !== "") this.#begun.add(first);
    this.#token = token;
    this.#last = items.length === 0 ? this.#last : nameOf(items.at(-1));
    return true;
  }
}

/** Every page in its turn, read by these fields of a query. */
export async function* pagesOf<T>(
  path: string,
  read: (query: Readonly<Record<string, string>>) => Promise<T>,
): AsyncGenerator<T> {
  const walk = new PageWalk(path);
  for (;;) {
    let page: T;
    try {
      page = await read(walk.query);
    } catch (error) {
      if (!(error instanceof TooLongError)) throw error;
      walk.tooLong();
      continue;
    }
    yield page;
    if (!walk.took(page)) return;
  }
}
