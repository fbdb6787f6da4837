/**
 * What there is to watch: `demo=NAME` on the command line runs one, once the kernel has booted. All but the first end
 * in a report.
 *
 *     isolation       two address spaces, the same address  refused accesses
 *     pagefault       writes to an address that is not mapped      #PF
 *     null            reads through a null pointer                 #PF
 *     write-rodata    writes to a constant                         #PF
 *     exec-data       jumps into data                              #PF
 *     stack-overflow  recursion without end                        #DF
 *     double-free     gives a frame back twice                     panic
 */
import { demoDoubleFree } from "./doubleFree";
import { demoIsolation } from "./isolation";
import { demoExecData, demoNull, demoPageFault, demoWriteRodata } from "./pageFaults";
import { demoStackOverflow } from "./stackOverflow";

export class Demo {
  /** The word behind `demo=`. */
  name: string;
  /** Those that cause a fault do not return when the kernel does what it should. */
  run: () => void;
}

export const DEMOS: FixedArray<Demo, 7> = [
  { name: "isolation", run: demoIsolation },
  { name: "pagefault", run: demoPageFault },
  { name: "null", run: demoNull },
  { name: "write-rodata", run: demoWriteRodata },
  { name: "exec-data", run: demoExecData },
  { name: "stack-overflow", run: demoStackOverflow },
  { name: "double-free", run: demoDoubleFree },
];
