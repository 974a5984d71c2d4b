import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

/** What becomes of a datagram: passed on, dropped, passed on after so many ms, or when so many later ones have passed. */
export type Fate = "pass" | "drop" | { readonly afterMs: number } | { readonly afterOthers: number };

/** Decides by the direction and by the number that the prober gave the probe. */
export type Policy = (direction: "there" | "back", number: number) => Fate;

/** Where the number of a probe is: behind hello, kind, token and flow. */
const numberAt = 4 + 1 + 16 + 4;

class Relay {
  readonly dropped = { there: 0, back: 0 };
  readonly #front: Socket;
  readonly #back: Socket;
  readonly #held: { direction: string; left: number; send: () => void }[] = [];
  readonly #policy: Policy;

  constructor(front: Socket, back: Socket, policy: Policy) {
    this.#front = front;
    this.#back = back;
    this.#policy = policy;
    let caller = { port: 0, address: "" };
    front.on("message", (data, from) => {
      caller = from;
      this.#carry("there", data, () => back.send(data));
    });
    // Nobody listens there any more: the datagram is lost, as on any network.
    back.on("error", () => undefined);
    back.on("message", (data) => this.#carry("back", data, () => front.send(data, caller.port, caller.address)));
  }

  get port(): number {
    return this.#front.address().port;
  }

  #isClosed = false;

  #carry(direction: "there" | "back", data: Buffer, send: () => void): void {
    const fate = this.#policy(direction, data.readUInt32BE(numberAt));
    if (fate === "drop") {
      this.dropped[direction]++;
      return;
    }
    if (fate === "pass") {
      send();
      for (const held of this.#held) if (held.direction === direction && --held.left === 0) held.send();
      return;
    }
    if ("afterMs" in fate) setTimeout(() => this.#isClosed || send(), fate.afterMs);
    else this.#held.push({ direction, left: fate.afterOthers, send });
  }

  close(): void {
    this.#isClosed = true;
    this.#front.close();
    this.#back.close();
  }
}

/** A network that treats each datagram as the policy says: real sockets, and no chance in it. */
export async function udpRelay(to: number, policy: Policy): Promise<Relay> {
  const front = createSocket("udp4").bind(0, "127.0.0.1");
  const back = createSocket("udp4");
  back.connect(to, "127.0.0.1");
  await Promise.all([once(front, "listening"), once(back, "connect")]);
  return new Relay(front, back, policy);
}
