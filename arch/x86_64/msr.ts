/**
 * Model-specific registers by number, and what Tessera writes into them.
 *
 * Intel SDM Vol. 4, "IA-32 Architectural MSRs"; Vol. 3A, "Page Attribute Table (PAT)".
 */

export const IA32_APIC_BASE: u32 = 0x1b;
export const IA32_PAT: u32 = 0x277;
export const IA32_EFER: u32 = 0xc000_0080;
export const IA32_STAR: u32 = 0xc000_0081;
export const IA32_LSTAR: u32 = 0xc000_0082;
export const IA32_FMASK: u32 = 0xc000_0084;
export const IA32_FS_BASE: u32 = 0xc000_0100;

/**
 * The memory types that page-table entries choose from, PAT entry 0 in the lowest byte:
 *
 *       7    6     5    4    3    2     1    0
 *     +----+-----+----+----+----+-----+----+----+
 *     | UC | UC- | WC | WB | UC | UC- | WT | WB |     0 = UC, 1 = WC, 4 = WT, 6 = WB, 7 = UC-
 *     +----+-----+----+----+----+-----+----+----+
 *
 * This is the value after reset with write-combining in entry 5, where Limine has it too, so that no mapping of a
 * loader changes its meaning.
 */
export const PAT_LAYOUT: u64 = 0x0007_0106_0007_0406n;
