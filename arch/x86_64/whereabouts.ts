/**
 * What an address is, in words: for reports.
 *
 *     0                       the null page, never mapped
 *     .. 0x00007fffffffffff   lower half: programs
 *     gap                     not canonical: no access works
 *     physmapBase() ..        HHDM: physical memory
 *     kernel_start .. end     the image: text, rodata, data, and in data the stacks with their guard pages
 */
import { isCanonical, PAGE_SIZE } from "./addresses";
import { detectCpu } from "./cpu";
import { ImageSection, isInImage, isInSection } from "./image";
import { physmapBase } from "./physmap";
import { guardHolding, stackHolding } from "./stacks";

const LOWER_HALF_END: u64 = 1n << 47n;

/** Says what lies at an address of the kernel's address space. */
export function describeAddress(address: u64): string {
  if (address < PAGE_SIZE) return "in the null page, which is never mapped";
  if (address < LOWER_HALF_END) return "in the lower half, where the kernel maps nothing";
  if (!isCanonical(address)) return "not canonical";
  if (isInImage(address)) return describeImageAddress(address);
  if (isInDirectMap(address)) return "in the direct map of physical memory";
  return "in the upper half, where the kernel maps nothing";
}

/** Whether the HHDM would show a physical address there. */
function isInDirectMap(address: u64): bool {
  const base = physmapBase();
  return base !== 0n && address >= base && address - base < 1n << u64(detectCpu().physicalAddressBits);
}

function describeImageAddress(address: u64): string {
  if (isInSection(ImageSection.Text, address)) return "in the kernel's text (read, execute)";
  if (isInSection(ImageSection.Rodata, address)) return "in the kernel's rodata (read)";
  if (guardHolding(address) !== null) return "in a guard page";
  if (stackHolding(address) !== null) return "in a stack of the kernel (read, write)";
  return "in the kernel's data (read, write)";
}
