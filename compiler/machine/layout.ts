// Where things are in the simulated address space. Pointers are numbers: the 64-bit address read as a signed number,
// so the kernel's upper half is negative and every canonical 48-bit address is exact.
//
//   0                          0x0000_7fff_ffff_ffff   physical memory, as is; its first page is not there
//   0xffff_8000_0000_0000      DIRECT_MAP              physical memory again (the loader's direct map)
//   0xffff_ffff_8000_0000      IMAGE_BASE              the program: text, rodata, data
//
// This is what an access sees while the machine does not walk page tables; with `machine.paging` on, tables decide.

export const PAGE_SIZE = 4096;
export const PAGE_MASK = PAGE_SIZE - 1;

/** Virtual address of the program, as a pointer. */
export const IMAGE_BASE = -0x8000_0000;
/** Physical address of the program. */
export const IMAGE_PHYSICAL = 0x0020_0000;
/** Virtual address of the loader's direct map of physical memory, as a pointer. */
export const DIRECT_MAP = -0x8000_0000_0000;

/** An address of 64 bits as a pointer. Exact for canonical addresses. */
export const toPointer = (address: bigint): number => Number(BigInt.asIntN(64, address));

/** A pointer as an address of 64 bits. */
export const toAddress = (pointer: number): bigint => BigInt.asUintN(64, BigInt(pointer));

export const showAddress = (pointer: number): string => `0x${toAddress(pointer).toString(16).padStart(16, "0")}`;
