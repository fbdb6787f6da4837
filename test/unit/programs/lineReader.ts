/**
 * Somebody who reads from a line discipline: for tests on Node, which have no memory of the kernel's to read into.
 */
import { type LineDiscipline } from "../../../kernel/terminal/lineDiscipline";

export class LineReader {
  readonly bytes: FixedArray<u8, 5000>;

  /** Reads at most so many bytes, at most 5000. How many there were. */
  take(discipline: LineDiscipline, most: u32): u32 {
    return discipline.take(subslice(this.bytes, 0, most));
  }
}
