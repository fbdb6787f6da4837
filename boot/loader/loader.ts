/**
 * Tessera's own end of the Limine boot protocol, for loaders that do not speak it.
 *
 *     GRUB, Multiboot2 --+                  +-- multiboot2.ts --+
 *                        +--> entry.asm --> |                   +--> responses.ts --> the kernel's Limine requests
 *     QEMU -kernel, PVH -+    loader_main   +-- pvh.ts ---------+
 *
 * It runs before there is a serial port or an IDT, so it reports nothing itself: what is wrong is remembered in
 * words, and readBootInfo() panics with them.
 */

import { detectPagingLevels } from "../../arch/x86_64/cpu";
import { setPhysmapBase } from "../../arch/x86_64/physmap";
import { EntryKind } from "../bootInfo";
import { MULTIBOOT2_MAGIC, readMultiboot2 } from "./multiboot2";
import { PVH_MAGIC, readPvh } from "./pvh";
import { ImagePlace, answerRequests } from "./responses";

/** The direct map that boot/loader/entry.asm builds: PML4 entry 256, the first 4 GiB. */
const HHDM_BASE: u64 = 0xffff_8000_0000_0000n;

class LoaderState {
  entry: EntryKind = EntryKind.Limine;
  problem: string | null = null;
}
const state = new LoaderState();

/** Which entry was taken: Limine itself never calls loader_main. */
export function entryKind(): EntryKind {
  return state.entry;
}

/** Why the kernel cannot be booted from what it was given, or null. */
export function loaderProblem(): string | null {
  return state.problem;
}

/**
 * Called by boot/loader/entry.asm. `magic` tells what `information` (a physical address) is; `physicalBase` is
 * where the first byte of the kernel image lies.
 */
function loaderMain(magic: u32, information: u64, physicalBase: u64): void {
  detectPagingLevels();
  setPhysmapBase(HHDM_BASE);
  state.problem = readInformation(magic, information);
  if (state.problem !== null) return;
  const image = new ImagePlace();
  image.physicalBase = physicalBase;
  image.virtualBase = addressOfSymbol("kernel_start");
  image.bytes = addressOfSymbol("kernel_end") - image.virtualBase;
  answerRequests(image);
}
exportC("loader_main", loaderMain);

function readInformation(magic: u32, information: u64): string | null {
  switch (magic) {
    case MULTIBOOT2_MAGIC:
      state.entry = EntryKind.Multiboot2;
      return readMultiboot2(information);
    case PVH_MAGIC:
      state.entry = EntryKind.Pvh;
      return readPvh(information);
    default:
      return "the loader gives neither the magic number of Multiboot2 nor that of PVH";
  }
}
