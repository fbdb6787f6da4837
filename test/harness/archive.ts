/**
 * Roots for boots, made by tests: cpio archives of the "new ASCII" format.
 *
 *     | "070701" and 13 numbers of 8 hexadecimal digits | name\0 |pad| content |pad|   ...   | TRAILER!!! |
 *
 * cpio(5), "The new ASCII format".
 */
export interface ArchiveEntry {
  /** Path from the root, without a slash in front. */
  name: string;
  /** Undefined: a folder. */
  content?: Uint8Array;
  /** Permissions. Default: all that reading and running takes. */
  permissions?: number;
}

const KIND_FOLDER = 0o040000;
const KIND_FILE = 0o100000;

/** The archive of these entries, in their order. */
export function makeArchive(entries: readonly ArchiveEntry[]): Buffer {
  const end: ArchiveEntry = { name: "TRAILER!!!", content: new Uint8Array() };
  return Buffer.concat([...entries, end].map(entryBytes));
}

function entryBytes({ name, content, permissions = 0o755 }: ArchiveEntry, index: number): Buffer {
  const mode = (content === undefined ? KIND_FOLDER : KIND_FILE) | permissions;
  const size = content?.length ?? 0;
  const numbers = [index + 1, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, name.length + 1, 0];
  const header = `070701${numbers.map((number) => number.toString(16).padStart(8, "0")).join("")}`;
  return Buffer.concat([padded(Buffer.from(`${header}${name}\0`)), padded(Buffer.from(content ?? []))]);
}

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
