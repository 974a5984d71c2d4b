import type { Ports } from "../../engine/model/ports/ports.ts";
import { pullTimeoutMs as chartTimeoutMs } from "../../kube/helm/helm-pull.ts";
import { firstListMs } from "../../kube/watch/watch.ts";
import { type Say, sayingWhile, untilTime } from "../headless/while-waiting.ts";

const givenUp = "a question without an answer is given up after 30 s";

/** Of each port the questions that may take long: what is said of each, and whether it is worth saying more than once. */
const sentences = {
  inventory: {
    read: { again: true, what: () => `asks the cluster for its nodes, pods, workloads and our rights; ${givenUp}` },
  },
  charts: { read: { again: true, what: () => `fetches the chart, until ${untilTime(chartTimeoutMs)} at the latest` } },
  records: {
    run: { again: false, what: () => `reads what the cluster records of the run; ${givenUp}` },
    nodeRecords: {
      again: false,
      what: () => `reads what the cluster records of each node, until ${untilTime(firstListMs)} at the latest`,
    },
    examine: { again: false, what: () => `reads all that the cluster records; ${givenUp}` },
  },
  lock: { state: { again: false, what: () => `asks who has the run; ${givenUp}` } },
} as const;

type Sentences = Readonly<Record<string, { readonly again: boolean; readonly what: () => string }>>;

function told<T extends object>(port: T, of: Sentences, say: Say): T {
  const said = new Set<string | symbol>();
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      const sentence = of[String(name)];
      if (typeof value !== "function" || sentence === undefined) return value;
      return (...args: readonly unknown[]) => {
        const first = sentence.again || !said.has(name);
        const tell = (text: string) => {
          said.add(name);
          say(text);
        };
        const ask = () => Reflect.apply(value, target, args) as Promise<unknown>;
        return sayingWhile(first ? tell : null, sentence.what(), ask);
      };
    },
  });
}

/** The ports, with each question that takes over a second told of while it lasts. */
export function toldPorts<T extends Pick<Ports, "inventory" | "charts" | "records" | "lock">>(
  ports: T,
  say: Say | null,
): T {
  if (say === null) return ports;
  return {
    ...ports,
    inventory: told(ports.inventory, sentences.inventory, say),
    charts: told(ports.charts, sentences.charts, say),
    records: told(ports.records, sentences.records, say),
    lock: told(ports.lock, sentences.lock, say),
  };
}
