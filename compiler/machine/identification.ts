// What CPUID answers: a plain processor with the features that the kernel looks for. Tests change single leaves.
//
// Intel SDM Vol. 2A, "CPUID - CPU Identification".

export interface CpuidLeaf {
  readonly eax: number;
  readonly ebx: number;
  readonly ecx: number;
  readonly edx: number;
}

const ZERO: CpuidLeaf = { eax: 0, ebx: 0, ecx: 0, edx: 0 };

/** Four characters of a name, as a register holds them. */
const letters = (text: string): number =>
  [...text].reduce((bits, letter, index) => (bits | (letter.charCodeAt(0) << (8 * index))) >>> 0, 0);

/** "TesseraMachi", in the order of the registers. */
const VENDOR = { ebx: letters("Tess"), edx: letters("eraM"), ecx: letters("achi") };
/** FPU, PSE, TSC, MSR, PAE, APIC, PGE, PAT. */
const FEATURES = (1 << 0) | (1 << 3) | (1 << 4) | (1 << 5) | (1 << 6) | (1 << 9) | (1 << 13) | (1 << 16);
/** PCID, in the other register of the same leaf. */
const PROCESS_CONTEXTS = 1 << 17;
/** INVPCID. */
const INVPCID = 1 << 10;
/** SMEP and SMAP. */
const PROTECTION = (1 << 7) | (1 << 20);
/** UMIP. */
const PROTECTION_2 = 1 << 2;
/** NX, 1 GiB pages, long mode. */
const EXTENDED = (1 << 20) | (1 << 26) | (1 << 29);
/** 48 virtual and 46 physical address bits. */
const ADDRESS_BITS = (48 << 8) | 46;

export class Identification {
  private readonly leaves = new Map<string, CpuidLeaf>();

  constructor() {
    this.reset();
  }

  set(leaf: number, values: Partial<CpuidLeaf>, subleaf = 0): void {
    this.leaves.set(`${leaf}:${subleaf}`, { ...this.get(leaf, subleaf), ...values });
  }

  get(leaf: number, subleaf = 0): CpuidLeaf {
    return this.leaves.get(`${leaf}:${subleaf}`) ?? ZERO;
  }

  get hasProcessContexts(): boolean {
    return (this.get(1).ecx & PROCESS_CONTEXTS) !== 0;
  }

  get hasInvpcid(): boolean {
    return (this.get(7).ebx & INVPCID) !== 0;
  }

  reset(): void {
    this.leaves.clear();
    this.set(0, { eax: 7, ...VENDOR });
    this.set(1, { ecx: PROCESS_CONTEXTS, edx: FEATURES });
    this.set(7, { ebx: PROTECTION | INVPCID, ecx: PROTECTION_2 });
    this.set(0x8000_0000, { eax: 0x8000_0008 });
    this.set(0x8000_0001, { edx: EXTENDED });
    this.set(0x8000_0008, { eax: ADDRESS_BITS });
  }
}
