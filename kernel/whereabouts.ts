/**
 * What an address is, in words: for reports.
 *
 *     0                       the null page, never mapped
 *     .. 0x00007fffffffffff   lower half: programs
 *     gap                     not canonical: no access works
 *     physmapBase() ..        HHDM: physical memory
 *     kernel_start .. end     the kernel image: text, rodata, data, and in data the stacks with their guard pages
 */
import { isCanonical, PAGE_SIZE } from "../arch/x86_64/addresses";
import { physmapBase } from "../arch/x86_64/physmap";
import { guardHolding, stackHolding } from "../arch/x86_64/stacks";

const LOWER_HALF_END: u64 = 1n << 47n;

/** Says what lies at an address of the kernel's address space. */
export function describeAddress(address: u64): string {
  if (address < PAGE_SIZE) return "in the null page, which is never mapped";
  if (address < LOWER_HALF_END) return "in the lower half, where the kernel maps nothing";
  if (!isCanonical(address)) return "not canonical";
  if (address >= addressOfSymbol("kernel_start") && address < addressOfSymbol("kernel_end")) {
    return describeImageAddress(address);
  }
  if (address >= physmapBase() && address < addressOfSymbol("kernel_start"))
    return "in the direct map of physical memory";
  return "in the upper half, outside the kernel image";
}

function describeImageAddress(address: u64): string {
  if (address < addressOfSymbol("text_end")) return "in the kernel's text (read, execute)";
  if (address < addressOfSymbol("rodata_end")) return "in the kernel's rodata (read)";
  if (guardHolding(address) !== null) return "in a guard page";
  if (stackHolding(address) !== null) return "in a stack of the kernel (read, write)";
  return "in the kernel's data (read, write)";
}
