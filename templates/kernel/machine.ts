/**
 * How the machine ends. QEMU's isa-debug-exit device turns a write of v into exit code (v << 1) | 1; without it, and
 * on real hardware, the write goes nowhere and the machine halts.
 */

const DEBUG_EXIT_PORT: u16 = 0xf4;

/** QEMU exits with 33. */
export const EXIT_PASSED: u32 = 0x10;
/** QEMU exits with 35. */
export const EXIT_FAILED: u32 = 0x11;

/** The last thing that happens. */
export function endMachine(code: u32): never {
  out32(DEBUG_EXIT_PORT, code);
  cli();
  while (true) hlt();
}
