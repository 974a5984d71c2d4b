import { posix } from "node:path";

/** A part of a container's file tree: where it shows, and what it is a window onto. */
export interface Mount {
  readonly at: string;
  /** Absolute path → content, as Machine.disk. */
  readonly files: Map<string, string>;
  /** The folder of `files` that shows at `at`. */
  readonly base: string;
  readonly readOnly: boolean;
  /** A whole root file tree, with the folders that each has. */
  readonly isRoot?: boolean;
}

interface Place {
  readonly mount: Mount;
  /** Path within the mount's files. */
  readonly path: string;
}

/** Folders of a machine that are there even when nothing is in them. */
const standing = [
  "/etc",
  "/etc/cni",
  "/etc/cni/net.d",
  "/opt",
  "/opt/cni",
  "/opt/cni/bin",
  "/run",
  "/sys/class/net",
  "/sys/fs/bpf",
  "/tmp",
  "/var",
  "/var/lib",
];

/** Folders made by mkdir: nothing is in them yet, so nothing implies them. */
const made = new WeakMap<Map<string, string>, Set<string>>();

/** An access that the kernel refuses, in its own words. */
export class FileFault extends Error {}

/** What a process in a container sees when it opens a path. */
export class ContainerFiles {
  readonly #mounts: readonly Mount[];

  constructor(mounts: readonly Mount[]) {
    this.#mounts = mounts.toSorted((a, b) => b.at.length - a.at.length);
  }

  read(path: string): string | undefined {
    const { mount, path: inner } = this.#place(path);
    return mount.files.get(inner);
  }

  write(path: string, content: string): void {
    const place = this.#writable(path);
    if (this.isFolder(path)) throw new FileFault("Is a directory");
    if (!this.isFolder(posix.dirname(clean(path)))) throw new FileFault("No such file or directory");
    place.mount.files.set(place.path, content);
  }

  /** False when it was not there. */
  remove(path: string): boolean {
    if (this.read(path) === undefined) return false;
    const { mount, path: inner } = this.#writable(path);
    return mount.files.delete(inner);
  }

  /** Removes a folder with all that is in it; false when it was not there. */
  removeTree(path: string): boolean {
    if (!this.isFolder(path)) return this.remove(path);
    const { mount, path: inner } = this.#writable(path);
    for (const file of mount.files.keys()) if (file.startsWith(under(inner))) mount.files.delete(file);
    made.get(mount.files)?.delete(inner);
    return true;
  }

  makeFolder(path: string): void {
    const { mount, path: inner } = this.#writable(path);
    const folders = made.get(mount.files) ?? new Set<string>();
    for (let folder = inner; folder !== "/"; folder = posix.dirname(folder)) folders.add(folder);
    made.set(mount.files, folders);
  }

  isFolder(path: string): boolean {
    const wanted = clean(path);
    if (wanted === "/" || this.#mounts.some(({ at }) => at === wanted || at.startsWith(under(wanted)))) return true;
    const { mount, path: inner } = this.#place(wanted);
    if ((mount.isRoot && standing.includes(inner)) || made.get(mount.files)?.has(inner)) return true;
    for (const file of mount.files.keys()) if (file.startsWith(under(inner))) return true;
    return false;
  }

  /** Names in a folder, sorted; null when there is no such folder. */
  list(path: string): readonly string[] | null {
    if (!this.isFolder(path)) return null;
    const wanted = clean(path);
    const { mount, path: inner } = this.#place(wanted);
    const paths = [...mount.files.keys(), ...(made.get(mount.files) ?? []), ...(mount.isRoot ? standing : [])];
    const names = new Set(childNames(paths, inner));
    for (const name of childNames(
      this.#mounts.map(({ at }) => at),
      wanted,
    ))
      names.add(name);
    return [...names].sort();
  }

  #writable(path: string): Place {
    const place = this.#place(path);
    if (place.mount.readOnly) throw new FileFault("Read-only file system");
    return place;
  }

  #place(path: string): Place {
    const wanted = clean(path);
    const mount = this.#mounts.find(({ at }) => at === "/" || wanted === at || wanted.startsWith(`${at}/`));
    if (!mount) throw new FileFault("No such file or directory");
    const rest = mount.at === "/" ? wanted : wanted.slice(mount.at.length);
    return { mount, path: clean(mount.base + rest) };
  }
}

/** Absolute, without dots or a slash at the end; /var/run is /run. */
export function clean(path: string): string {
  const whole = posix.resolve("/", path);
  return whole === "/var/run" || whole.startsWith("/var/run/") ? whole.slice("/var".length) : whole;
}

function under(folder: string): string {
  return folder === "/" ? "/" : `${folder}/`;
}

function* childNames(paths: Iterable<string>, folder: string): Iterable<string> {
  const prefix = under(folder);
  for (const path of paths) {
    if (!path.startsWith(prefix) || path === prefix) continue;
    const name = path.slice(prefix.length).split("/", 1)[0];
    if (name) yield name;
  }
}
