/**
 * What a function of the library returns in place of an answer when the kernel refused.
 *
 *     const text = readFile(path);
 *     if (text instanceof Failure) return complain(`${path}: ${text.message}`);
 */

/** Errors of Linux ("errno-base.h") by number, in words. */
const MESSAGES = new Map<number, string>([
  [1, "operation not permitted"],
  [2, "no such file or directory"],
  [3, "no such process"],
  [4, "interrupted"],
  [5, "input or output error"],
  [7, "arguments too long"],
  [8, "not a program"],
  [9, "no such descriptor"],
  [10, "no child to wait for"],
  [11, "try again"],
  [12, "out of memory"],
  [13, "permission denied"],
  [14, "bad address"],
  [17, "exists already"],
  [20, "not a directory"],
  [21, "is a directory"],
  [22, "invalid argument"],
  [24, "too many open files"],
  [25, "not a terminal"],
  [28, "no space left"],
  [30, "read-only file system"],
  [36, "name too long"],
  [38, "not supported by this system"],
  [40, "too many links"],
]);

export const ENOENT = 2;
export const E2BIG = 7;

export class Failure {
  /** The errno, positive. */
  readonly code: number;

  constructor(code: number) {
    this.code = code;
  }

  get message(): string {
    return MESSAGES.get(this.code) ?? `error ${this.code}`;
  }
}

/** The answer of a system call, or the failure that it stands for. */
export function checked(answer: number): number | Failure {
  return answer < 0 && answer > -4096 ? new Failure(-answer) : answer;
}
