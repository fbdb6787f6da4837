/**
 * Files and directories, for reading.
 */
import { decode, loadBytes, loadNumber, loadText, storeText } from "./bytes";
import { Call } from "./callNumbers";
import { checked, Failure } from "./failure";
import { exchange, EXCHANGE_BYTES, systemCall } from "./machine";

/** The exchange: a path, then what the kernel answers. */
const PATH_BYTES = 4096;
const DATA_BYTES = EXCHANGE_BYTES - PATH_BYTES;
const ENAMETOOLONG = 36;

function path(): number {
  return exchange();
}

function data(): number {
  return exchange() + PATH_BYTES;
}

function storePath(name: string): Failure | null {
  if (name.length * 3 >= PATH_BYTES) return new Failure(ENAMETOOLONG);
  storeText(path(), name);
  return null;
}

const O_RDONLY = 0;
/** A log that goes on ends where it ends now. */
const O_NONBLOCK = 0o4000;
const O_DIRECTORY = 0o200000;

/** A descriptor, which the caller closes. */
function open(name: string, flags: number): number | Failure {
  return storePath(name) ?? checked(systemCall(Call.open, path(), flags));
}

/** The whole file as text. */
export function readFile(name: string): string | Failure {
  const bytes = readFileBytes(name);
  return bytes instanceof Failure ? bytes : decode(bytes);
}

/** The whole file, a character for each byte. */
export function readFileBytes(name: string): string | Failure {
  const descriptor = open(name, O_RDONLY + O_NONBLOCK);
  if (descriptor instanceof Failure) return descriptor;
  const pieces: string[] = [];
  for (;;) {
    const size = checked(systemCall(Call.read, descriptor, data(), DATA_BYTES));
    if (!(size instanceof Failure) && size > 0) {
      pieces.push(loadBytes(data(), size));
      continue;
    }
    systemCall(Call.close, descriptor);
    return size instanceof Failure ? size : pieces.join("");
  }
}

export type FileKind = "file" | "directory" | "device" | "other";

export interface DirectoryEntry {
  name: string;
  kind: FileKind;
}

/** d_type of struct linux_dirent64. */
const KIND_OF_ENTRY = new Map<number, FileKind>([
  [2, "device"],
  [4, "directory"],
  [8, "file"],
]);

/** What a directory has, by name, without "." and "..". */
export function listDirectory(name: string): DirectoryEntry[] | Failure {
  const descriptor = open(name, O_RDONLY + O_DIRECTORY);
  if (descriptor instanceof Failure) return descriptor;
  const entries: DirectoryEntry[] = [];
  for (;;) {
    const size = checked(systemCall(Call.getdents64, descriptor, data(), DATA_BYTES));
    if (!(size instanceof Failure) && size > 0) {
      loadEntries(size, entries);
      continue;
    }
    systemCall(Call.close, descriptor);
    return size instanceof Failure ? size : entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** struct linux_dirent64: the length of the entry at 16, its type at 18, its name from 19. */
function loadEntries(size: number, entries: DirectoryEntry[]): void {
  for (let at = data(); at < data() + size; at += loadNumber(at + 16, 2)) {
    const name = loadText(at + 19);
    if (name !== "." && name !== "..")
      entries.push({ name, kind: KIND_OF_ENTRY.get(loadNumber(at + 18, 1)) ?? "other" });
  }
}

export interface FileStatus {
  kind: FileKind;
  sizeBytes: number;
  executable: boolean;
}

/** st_mode: the kind in its upper bits. */
const S_IFMT = 0o170000;
const KIND_OF_MODE = new Map<number, FileKind>([
  [0o020000, "device"],
  [0o040000, "directory"],
  [0o100000, "file"],
]);
const ANY_EXECUTE = 0o111;

/** struct stat: st_mode at 24, st_size at 48. */
export function fileStatus(name: string): FileStatus | Failure {
  const answer = storePath(name) ?? checked(systemCall(Call.stat, path(), data()));
  if (answer instanceof Failure) return answer;
  const mode = loadNumber(data() + 24, 4);
  return {
    kind: KIND_OF_MODE.get(mode & S_IFMT) ?? "other",
    sizeBytes: loadNumber(data() + 48, 8),
    executable: (mode & ANY_EXECUTE) !== 0,
  };
}
