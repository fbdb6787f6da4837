/**
 * The test kernel: it boots like the kernel, runs the test that `test=NAME` asks for, and leaves QEMU with 33 when the
 * test returns and the ledger agrees. A failed test panics, which ends with 35, as does a name that no suite has.
 */
import { EXIT_FAILED, EXIT_PASSED, exitQemu } from "../../arch/x86_64/debugExit";
import { options } from "../../kernel/commandLine";
import { event } from "../../kernel/log";
import { verifyCounters } from "../../kernel/mm/frameAllocator";
import { startKernel } from "../../kernel/start";
import { sameText } from "../../kernel/text";
import { CONSOLE_TESTS } from "./console";
import { MEMORY_TESTS } from "./memory";
import { type MetalTest } from "./metalTest";
import { beginSpaceLedger, closeSpaceLedger } from "./spaceLedger";
import { SPACE_TESTS } from "./spaces";
import { SWAP_TESTS } from "./swap";
import { TRAP_TESTS } from "./traps";

exportC("kernel_main", runTestKernel);

/** Called by the entry code in place of the kernel's own main function. */
export function runTestKernel(): never {
  void startKernel();
  options.exit = true;
  const test = findTest(options.test);
  if (test === null) refuse(options.test);
  log.info(`test=${test.name}`);
  test.run();
  if (!endsWithoutBooks(test.name)) checkBooks();
  log.info(`test=${test.name} passed`);
  event(`test name=${test.name} result=pass`);
  exitQemu(EXIT_PASSED);
}

/** Two measurements: one ends with every frame taken and no list of them, one gives the allocator other memory. */
function endsWithoutBooks(name: string): bool {
  return sameText(name, "bench-frames") || sameText(name, "bench-scale");
}

/** Nothing that a test did is left in the books: who owns which frame, references, tables, swap, and the heap agree. */
function checkBooks(): void {
  verifyCounters();
  assert(beginSpaceLedger(), "there is memory for the ledger");
  closeSpaceLedger();
}

function findTest(name: string): MetalTest | null {
  return (
    findIn(CONSOLE_TESTS, name) ??
    findIn(MEMORY_TESTS, name) ??
    findIn(SPACE_TESTS, name) ??
    findIn(SWAP_TESTS, name) ??
    findIn(TRAP_TESTS, name)
  );
}

function findIn(suite: Slice<MetalTest>, name: string): MetalTest | null {
  for (const test of suite) {
    if (sameText(test.name, name)) return test;
  }
  return null;
}

function refuse(name: string): never {
  log.error(`there is no test "${name}"; test= takes one of:`);
  listTests(CONSOLE_TESTS);
  listTests(MEMORY_TESTS);
  listTests(SPACE_TESTS);
  listTests(SWAP_TESTS);
  listTests(TRAP_TESTS);
  exitQemu(EXIT_FAILED);
}

function listTests(suite: Slice<MetalTest>): void {
  for (const test of suite) log.error(`  test=${test.name}`);
}
