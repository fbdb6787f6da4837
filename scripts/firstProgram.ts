/**
 * The first program of a boot with the root of programs: tsh, unless the command line has something else in mind.
 */

const NAMES_PROGRAM = /(?:^| )init=/;
const OTHER_PURPOSE = /(?:^| )(?:demo=|exit(?: |$))/;

/** Whether a boot with these words is about programs. */
export function startsPrograms(words: string): boolean {
  return NAMES_PROGRAM.test(words) || !OTHER_PURPOSE.test(words);
}

/** The kernel's command line for such a boot. */
export function withFirstProgram(words: string): string {
  return NAMES_PROGRAM.test(words) || OTHER_PURPOSE.test(words) ? words : `init=/bin/tsh ${words}`.trimEnd();
}
