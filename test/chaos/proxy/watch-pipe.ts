import type { IncomingMessage, ServerResponse } from "node:http";
import { StringDecoder } from "node:string_decoder";
import type { Stream } from "./http-proxy.ts";

type Change = (line: string) => Promise<string | null> | string | null;

/** The events of one watch on their way through: as they come, or line by line where somebody changes or delays them. */
export class WatchPipe implements Stream {
  readonly #from: IncomingMessage;
  readonly #to: ServerResponse;
  readonly #change: Change | null;
  readonly #decoder = new StringDecoder("utf8");
  #rest = "";
  /** Events wait for the one before. */
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  #frozen = false;

  constructor(from: IncomingMessage, to: ServerResponse, change: Change | null) {
    this.#from = from;
    this.#to = to;
    this.#change = change;
    from.on("data", (chunk: Buffer) => this.#take(chunk));
    from.on("end", () => this.#inOrder(() => this.#to.end()));
    from.on("error", () => to.destroy());
    to.on("close", () => from.destroy());
  }

  cut(): void {
    this.#to.destroy();
  }

  freeze(): void {
    this.#frozen = true;
  }

  heard(then: (piece: Buffer) => void): void {
    this.#from.on("data", then);
  }

  get ended(): boolean {
    return this.#to.destroyed || this.#to.writableEnded;
  }

  #take(chunk: Buffer): void {
    if (this.#frozen) return;
    if (this.#change === null) {
      this.#to.write(chunk);
      return;
    }
    const lines = (this.#rest + this.#decoder.write(chunk)).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#pass(line, this.#change);
  }

  #pass(line: string, change: Change): void {
    const changed = change(line);
    if (!(changed instanceof Promise)) {
      this.#inOrder(() => this.#write(changed));
      return;
    }
    this.#waiting += 1;
    this.#last = this.#last.then(async () => {
      this.#write(await changed);
      this.#waiting -= 1;
    });
  }

  #inOrder(then: () => void): void {
    if (this.#waiting === 0) then();
    else this.#last = this.#last.then(then);
  }

  #write(line: string | null): void {
    if (line !== null && !this.#frozen && !this.ended) this.#to.write(`${line}\n`);
  }
}
