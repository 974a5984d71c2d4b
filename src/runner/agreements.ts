import { closeSync, constants, fstatSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { hashOfPlan } from "../engine/model/plan/plan-hash.ts";
import type { Consent, Plan } from "../engine/model/plan-types.ts";
import type { AgreedRun, Agreement, Agreements } from "../engine/model/ports/agreements.ts";
import { makeFolder, openOwnFile, ownUid } from "../journal/own-folder.ts";
import { sha256 } from "../kube/records/seal.ts";

interface Entry {
  readonly plan: string;
  /** When the run began, as its record says: epoch milliseconds. */
  readonly run: number;
  readonly by: string;
  readonly at: number;
  readonly consents: readonly string[];
}

/** Runs of one cluster that are remembered, the newest. */
const mostEntries = 20;
const mostBytes = 64 * 1024;
const consentNames: readonly Consent[] = ["nodes", "finalize", "policy-drops", "remove-source"];

const isEntry = (value: unknown): value is Entry => {
  const { plan, run, by, at, consents } = (value ?? {}) as Partial<Record<keyof Entry, unknown>>;
  return (
    typeof plan === "string" &&
    typeof run === "number" &&
    typeof by === "string" &&
    typeof at === "number" &&
    Array.isArray(consents) &&
    consents.every((one) => typeof one === "string")
  );
};

/** Whoever else may write the file may agree in our name: then it is not believed. Nor is a link followed. */
function readOwn(path: string): string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    const isOurs = found.isFile() && found.uid === ownUid() && (found.mode & 0o022) === 0;
    return isOurs && found.size <= mostBytes ? readFileSync(file, "utf8") : "";
  } finally {
    closeSync(file);
  }
}

function entriesIn(path: string): readonly Entry[] {
  try {
    const parsed = JSON.parse(readOwn(path)) as { readonly agreed?: unknown };
    return Array.isArray(parsed.agreed) ? parsed.agreed.filter(isEntry) : [];
  } catch {
    // Nothing that can be read is nothing that was agreed to.
    return [];
  }
}

/** What was agreed to on this machine of one cluster's runs, in a file of the state folder that only we can write. */
export class LocalAgreements implements Agreements {
  readonly #path: string;
  /** A plan of thousands of nodes is hashed once. */
  readonly #hashes = new WeakMap<Plan, string>();
  /** Also what could not be written: this process was told, and goes on. */
  #told: readonly Entry[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  hashOf(plan: Plan): string {
    const hash = this.#hashes.get(plan) ?? hashOfPlan(plan, sha256);
    this.#hashes.set(plan, hash);
    return hash;
  }

  of(run: AgreedRun): Agreement | null {
    const isOfRun = this.#matching(run);
    const [first, ...more] = [...entriesIn(this.#path), ...this.#told].filter(isOfRun);
    if (first === undefined) return null;
    const consents = new Set([first, ...more].flatMap((entry) => entry.consents));
    return { consents: consentNames.filter((name) => consents.has(name)), by: first.by, at: first.at };
  }

  agree(run: AgreedRun, consents: readonly Consent[], by: string, at: number): string | null {
    const known = this.of(run);
    const all = new Set([...(known?.consents ?? []), ...consents]);
    const entry: Entry = {
      plan: this.hashOf(run.plan),
      run: run.startedAt,
      by: known?.by ?? by,
      at: known?.at ?? at,
      consents: [...all],
    };
    this.#told = [...this.#told, entry];
    const isOfRun = this.#matching(run);
    return this.#write([...entriesIn(this.#path).filter((one) => !isOfRun(one)), entry]);
  }

  forget(run: AgreedRun): void {
    const isOfRun = this.#matching(run);
    this.#told = this.#told.filter((one) => !isOfRun(one));
    const before = entriesIn(this.#path);
    const left = before.filter((one) => !isOfRun(one));
    if (left.length < before.length) this.#write(left);
  }

  #matching({ plan, startedAt }: AgreedRun): (entry: Entry) => boolean {
    const hash = this.hashOf(plan);
    return (entry) => entry.plan === hash && entry.run === startedAt;
  }

  /** Whole or not at all: a torn file would agree to nothing. */
  #write(entries: readonly Entry[]): string | null {
    const aside = `${this.#path}.${process.pid}`;
    try {
      makeFolder(dirname(this.#path));
      const file = openOwnFile(aside, "anew");
      try {
        writeSync(file, `${JSON.stringify({ version: 1, agreed: entries.slice(-mostEntries) }, null, 1)}\n`);
      } finally {
        closeSync(file);
      }
      renameSync(aside, this.#path);
      return null;
    } catch (thrown) {
      return thrown instanceof Error ? thrown.message : String(thrown);
    }
  }
}
