/**
 * A kernel of one's own: says hello on the serial port and ends.
 *
 * entry.asm calls `kernel_main` in 64-bit mode, with a stack, interrupts off and the first GiB of memory mapped.
 */
import { endMachine, EXIT_PASSED } from "./machine";
import { print } from "./print";

function kernelMain(): void {
  const name = "my kernel";
  print(`Hello from ${name}: ${sumOf(100)} is the sum of 1 to 100.\n`);
  log.info(`the end, by way of port ${hex(0xf4)}`);
  endMachine(EXIT_PASSED);
}
exportC("kernel_main", kernelMain);

function sumOf(last: u32): u32 {
  let sum: u32 = 0;
  for (let i: u32 = 1; i <= last; i++) sum += i;
  return sum;
}
