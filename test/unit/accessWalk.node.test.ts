/**
 * The kernel's software walk against the simulated processor, which has a walk of its own: random tables, right and
 * wrong ones, and accesses of every kind. Both must say the same, down to the error code, and leave the same tables.
 */
import { beforeEach, describe, expect, test } from "vitest";
import { type Frame, frameAt, frameStart } from "../../arch/x86_64/addresses";
import { AccessKind, AccessOutcome, AccessResult, AccessRules, walkAccess } from "../../arch/x86_64/accessWalk";
import { adoptLevels } from "../../arch/x86_64/tableAccess";
import { PageFault, machine } from "../../compiler/machine/session";
import { allocateZeroedFrame } from "../../kernel/mm/frameAllocator";
import { startMemory } from "./simulatedMachine.node";

const ROUNDS = 4000;
const WRITE_PROTECT = 1n << 16n;
const FIVE_LEVELS = 1n << 12n;
const SMEP = 1n << 20n;
const SMAP = 1n << 21n;
const ALIGNMENT_CHECK = 1n << 18n;
const KINDS = [
  ["read", AccessKind.Read],
  ["write", AccessKind.Write],
  ["execute", AccessKind.Execute],
] as const;

/** Numbers that look random and are the same in every run. */
class Random {
  private state = 0x9e37_79b9;

  below(limit: number): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * limit);
  }

  chance(oneIn: number): boolean {
    return this.below(oneIn) === 0;
  }
}

let random: Random;
let tables: Frame[];

beforeEach(() => {
  startMemory();
  random = new Random();
  tables = Array.from({ length: 6 }, () => allocateZeroedFrame() ?? frameAt(0n));
});

const bit = (number: bigint, oneIn: number): bigint => (random.chance(oneIn) ? 1n << number : 0n);
const not = (number: bigint, oneIn: number): bigint => (random.chance(oneIn) ? 0n : 1n << number);

/** Mostly an entry that leads on: to the table below, or as a leaf to some frame. */
function randomEntry(level: number): bigint {
  const permissions = not(0n, 24) | not(1n, 4) | not(2n, 4) | bit(63n, 4) | bit(5n, 2) | bit(6n, 2) | bit(8n, 4);
  const mistakes = bit(7n, level >= 4 ? 24 : 4) | bit(47n, 40) | bit(51n, 40) | bit(13n, 40);
  const isLeaf = level === 1 || (level <= 3 && (mistakes & (1n << 7n)) !== 0n);
  const target = isLeaf ? BigInt(random.below(64)) << (12n + 9n * BigInt(level - 1)) : frameStart(tables[level - 1]);
  return permissions | mistakes | target;
}

const entryAddress = (level: number, address: bigint): bigint =>
  frameStart(tables[level]) + 8n * ((address >> (12n + 9n * BigInt(level - 1))) & 511n);

function processorSays(address: bigint, kind: (typeof KINDS)[number][0], user: boolean): string {
  try {
    return `to ${machine.touch(address, kind, user).toString(16)}`;
  } catch (error) {
    if (error instanceof PageFault) return `fault ${error.errorCode}`;
    throw error;
  }
}

function walkSays(address: bigint, kind: AccessKind, rules: AccessRules, levels: number): string {
  const result = new AccessResult();
  walkAccess(tables[levels], address, kind, rules, result);
  if (result.outcome === AccessOutcome.Translated) return `to ${result.physical.toString(16)}`;
  return `fault ${result.errorCode}`;
}

function randomRules(levels: number): AccessRules {
  const rules = new AccessRules();
  rules.user = random.chance(2);
  rules.alignmentCheck = random.chance(2);
  rules.writeProtect = !random.chance(4);
  rules.smep = random.chance(2);
  rules.smap = random.chance(2);
  rules.noExecute = true;
  rules.physicalBits = 46;
  machine.registers.cr0 = rules.writeProtect ? WRITE_PROTECT : 0n;
  machine.registers.cr4 = (rules.smep ? SMEP : 0n) | (rules.smap ? SMAP : 0n) | (levels === 5 ? FIVE_LEVELS : 0n);
  machine.registers.rflags = rules.alignmentCheck ? ALIGNMENT_CHECK : 0n;
  return rules;
}

describe.each([4, 5])("with %i levels", (levels) => {
  test("both walks agree", () => {
    adoptLevels(levels);
    const seen = new Set<string>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const address = BigInt.asUintN(64, -BigInt(1 + random.below(0x4000_0000)));
      const rules = randomRules(levels);
      const places = Array.from({ length: levels }, (_, index) => entryAddress(index + 1, address));
      const entries = places.map((_, index) => randomEntry(index + 1));
      const write = (): void => entries.forEach((entry, index) => machine.write64(places[index], entry));
      const read = (): bigint[] => places.map((place) => machine.read64(place));
      const [name, kind] = KINDS[random.below(3)];
      write();
      const said = walkSays(address, kind, rules, levels);
      const noted = read();
      write();
      machine.registers.cr3 = frameStart(tables[levels]);
      expect(processorSays(address, name, rules.user)).toBe(said);
      expect(read()).toEqual(noted);
      seen.add(said.startsWith("to") ? `to, ${name}` : said);
    }
    // Three kinds that work; not present, forbidden and reserved in each kind and mode.
    expect(seen.size).toBe(3 + 3 * 6);
  });
});
