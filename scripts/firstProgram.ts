/**
 * The first program of a boot with the root of programs: tsh, unless the command line has something else in mind.
 */

const OTHER_PURPOSE = /(?:^| )(?:init=|demo=|exit(?: |$))/;

/** The kernel's command line for such a boot. */
export function withFirstProgram(words: string): string {
  return OTHER_PURPOSE.test(words) ? words : `init=/bin/tsh ${words}`.trimEnd();
}
