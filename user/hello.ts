/**
 * The smallest program: `hello [NAME...]`.
 */
import { exit, programArguments } from "./lib/process";
import { printLine } from "./lib/terminal";

const names = programArguments();
printLine(`Hello, ${names.length > 0 ? names.join(" and ") : "world"}!`);
exit(0);
