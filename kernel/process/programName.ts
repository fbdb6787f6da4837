/**
 * What a program is called: for reports, and for whoever lists processes.
 *
 *     name      "sh", cut to 15 bytes: of the file at first, then what the program calls itself
 *     command   "sh\0-c\0ls\0": its arguments, cut to 512 bytes
 *
 * Linux man-pages: prctl(2), PR_SET_NAME; proc_pid_cmdline(5).
 */

import { SLASH } from "../files/pathText";
import { type Arguments } from "./arguments";

/** Bytes of a name, its end included. */
export const NAME_BYTES: u32 = 16;
const COMMAND_BYTES: u32 = 512;

export class ProgramName {
  private readonly name: FixedArray<u8, 16>;
  private readonly command: FixedArray<u8, 512>;
  private nameLength: u32;
  private commandLength: u32;

  /** Takes both from the file that is started, and what it is started with. */
  init(path: string, given: Arguments): void {
    const bytes = bytesOf(path);
    let start: u32 = 0;
    for (let i: u32 = 0; i < bytes.length; i += 1) {
      if (bytes[i] === SLASH) start = i + 1;
    }
    this.rename(subslice(bytes, start, bytes.length));
    const block = given.argumentBlock();
    this.commandLength = block.length < COMMAND_BYTES ? block.length : COMMAND_BYTES;
    for (let i: u32 = 0; i < this.commandLength; i += 1) this.command[i] = block[i];
  }

  /** Takes these bytes for a name, up to a zero byte, and as many as fit. */
  rename(bytes: Slice<u8>): void {
    zeroStruct(this.name);
    let length: u32 = 0;
    while (length < bytes.length && length < NAME_BYTES - 1 && bytes[length] !== 0) {
      this.name[length] = bytes[length];
      length += 1;
    }
    this.nameLength = length;
  }

  text(): string {
    return stringOver(subslice(this.name, 0, this.nameLength));
  }

  /** The name and zero bytes behind it, NAME_BYTES in all. */
  padded(): Slice<u8> {
    return this.name;
  }

  /** Its arguments, each with a zero byte behind it. */
  commandLine(): Slice<u8> {
    return subslice(this.command, 0, this.commandLength);
  }
}
