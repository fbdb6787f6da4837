/**
 * The folder in which a process's relative paths begin.
 *
 * Linux man-pages: chdir(2), getcwd(2).
 */

const MOST_BYTES: u32 = 256;

export class WorkingFolder {
  private readonly bytes: FixedArray<u8, 256>;
  private length: u32;

  /** From the root on, without a slash in front. */
  path(): string {
    return stringOver(subslice(this.bytes, 0, this.length));
  }

  /** False: the path is too long, and the folder stays. */
  set(path: string): bool {
    const bytes = bytesOf(path);
    if (bytes.length > MOST_BYTES) return false;
    for (let i: u32 = 0; i < bytes.length; i += 1) this.bytes[i] = bytes[i];
    this.length = bytes.length;
    return true;
  }
}
