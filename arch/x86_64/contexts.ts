/**
 * Process contexts: with them the TLB knows by which root table it has learned a translation, and a switch between
 * address spaces need not empty it.
 *
 *      63     62 .. 52   51 .................. 12   11 ........ 0
 *     +------+----------+-------------------------+--------------+
 *     | keep |          |  root table             |  context     |    CR3, as it is written
 *     +------+----------+-------------------------+--------------+
 *       what the TLB knows by this context stays
 *
 * The processor knows 4096 contexts, but after a few address spaces its TLB holds little of the first. So eight are
 * dealt out, and the one whose root was in use longest ago goes to the next root, emptied. What was changed under a
 * root that is not in use is owed: it loses its context, and begins with an empty one when it is in use again.
 *
 * Off until `enableProcessContexts`: everything is context 0, and a switch drops all that is not global.
 *
 * Intel SDM Vol. 3A, "Process-Context Identifiers (PCIDs)".
 */

import { type Frame, NO_FRAME, frameContaining, frameStart, physAddr } from "./addresses";
import { CR3_CONTEXT, CR3_KEEP_CONTEXT, CR3_ROOT, CR4_PROCESS_CONTEXTS } from "./controlRegisters";

class Context {
  /** The root table that it belongs to; NO_FRAME: none. */
  root: Frame;
  /** When that root came into use, in switches; 0: nothing is known by this context that counts. */
  lastUse: u64;
}

class Contexts {
  areOn: bool;
  switches: u64;
  readonly all: FixedArray<Context, 8>;
}
const contexts = new Contexts();

/** Begins to use them. CR3 holds a root table and nothing else; CPUID has PCID and PGE. */
export function enableProcessContexts(): void {
  assert((readCr3() & CR3_CONTEXT) === 0n, "process contexts begin with context 0");
  writeCr4(readCr4() | CR4_PROCESS_CONTEXTS);
  zeroStruct(contexts);
  contexts.areOn = true;
  void contextOf(rootTable());
}

/** The root in use. */
export function rootTable(): Frame {
  return frameContaining(physAddr(readCr3() & CR3_ROOT));
}

/** Makes this root the one in use. What the TLB knows of it stays, if it can tell. */
export function writeRoot(root: Frame): void {
  writeCr3(frameStart(root) | (contexts.areOn ? contextOf(root) : 0n));
}

/** Makes the TLB's knowledge by this root worth nothing, unless it is the one in use. */
export function forgetContext(root: Frame): void {
  if (!contexts.areOn || root === rootTable()) return;
  for (const context of contexts.all) {
    if (context.root === root) clear(context);
  }
}

/** The same for all roots but the one in use. */
export function forgetOtherContexts(): void {
  if (!contexts.areOn) return;
  const root = rootTable();
  for (const context of contexts.all) {
    if (context.root !== root) clear(context);
  }
}

function clear(context: Context): void {
  context.root = NO_FRAME;
  context.lastUse = 0n;
}

/** What CR3 holds beside this root: its context, or one for it that is emptied by that. */
function contextOf(root: Frame): u64 {
  contexts.switches += 1n;
  let oldest: u32 = 0;
  for (let i: u32 = 0; i < contexts.all.length; i += 1) {
    const context = contexts.all[i];
    if (context.root === root) {
      context.lastUse = contexts.switches;
      return u64(i) | CR3_KEEP_CONTEXT;
    }
    if (context.lastUse < contexts.all[oldest].lastUse) oldest = i;
  }
  contexts.all[oldest].root = root;
  contexts.all[oldest].lastUse = contexts.switches;
  return u64(oldest);
}
