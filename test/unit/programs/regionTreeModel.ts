/**
 * The tree of regions against a model, one byte a page: random insertions, removals and changes of limits. Lookups and
 * the place for a stretch are compared with what counting in the model says; the tree checks itself.
 */
import { pageAt } from "../../../arch/x86_64/addresses";
import { endUserPage, firstUserPage, Region, RegionKind, RegionTree } from "../../../kernel/mm/regionTree";
import { Random } from "./random";

const OPERATIONS: u32 = 100_000;
/** Pages at both ends of the user half take part; between them lies a region that stays. */
const SPAN: u64 = 2000n;
const NOBODY: u8 = 255;
const MOST_REGIONS: u32 = 200;

class Model {
  /** Which region a page belongs to, or NOBODY: the lower span and the upper one. */
  readonly owners: FixedArray<u8, 4000>;
  readonly regions: FixedArray<Region, 200>;
  readonly used: FixedArray<bool, 200>;
  gapsFound: u32;
  gapsRefused: u32;
}
const model = new Model();
const tree = new RegionTree();
const middle = new Region();
const random = new Random();

export function main(): void {
  for (let i: u32 = 0; i < model.owners.length; i += 1) model.owners[i] = NOBODY;
  middle.first = pageAt(firstUserPage() + SPAN);
  middle.end = pageAt(endUserPage() - SPAN);
  tree.insert(middle);
  for (let i: u32 = 0; i < OPERATIONS; i += 1) {
    step();
    if (i % 64 === 0) tree.verify();
    if (i % 256 === 0) compareAll();
  }
  log.info(`operations=${OPERATIONS} regions=${tree.count} found=${model.gapsFound} refused=${model.gapsRefused}`);
}

/** The page of a slot of the model. */
function pageOf(slot: u64): u64 {
  return slot < SPAN ? firstUserPage() + slot : endUserPage() - 2n * SPAN + slot;
}

function step(): void {
  const index = u32(random.below(u64(MOST_REGIONS)));
  switch (random.below(4n)) {
    case 0n:
      if (model.used[index]) remove(index);
      return;
    case 1n:
      if (model.used[index]) resize(index);
      return;
    case 2n:
      checkGap(1n + random.below(200n), random.below(4n) === 0n ? random.below(2n * SPAN) : 2n * SPAN);
      return;
    default:
      if (!model.used[index]) insert(index);
      return;
  }
}

/** Free slots from this one on, at most `most`, within its span. */
function freeFrom(slot: u64, most: u64): u64 {
  const end = slot < SPAN ? SPAN : 2n * SPAN;
  let count: u64 = 0n;
  while (count < most && slot + count < end && model.owners[u32(slot + count)] === NOBODY) count += 1n;
  return count;
}

function mark(index: u32, owner: u8): void {
  const region = model.regions[index];
  const slot = region.first < middle.first ? region.first - pageOf(0n) : region.first - (endUserPage() - 2n * SPAN);
  for (let i: u64 = 0n; i < region.pages(); i += 1n) model.owners[u32(slot + i)] = owner;
}

function insert(index: u32): void {
  const slot = random.below(2n * SPAN);
  const pages = freeFrom(slot, 1n + random.below(30n));
  if (pages === 0n) return;
  const region = model.regions[index];
  region.first = pageAt(pageOf(slot));
  region.end = pageAt(pageOf(slot) + pages);
  region.kind = RegionKind.Private;
  tree.insert(region);
  model.used[index] = true;
  mark(index, u8(index));
}

function remove(index: u32): void {
  mark(index, NOBODY);
  tree.remove(model.regions[index]);
  model.used[index] = false;
}

/** Smaller by any number of pages at either end. */
function resize(index: u32): void {
  const region = model.regions[index];
  const first = region.first + random.below(region.pages());
  const end = first + 1n + random.below(region.end - first);
  mark(index, NOBODY);
  tree.resize(region, pageAt(first), pageAt(end));
  mark(index, u8(index));
}

/** The highest gap of this many pages below a slot, or none. */
function checkGap(pages: u64, top: u64): void {
  let run: u64 = 0n;
  let expected: u64 = 0n;
  for (let slot: u64 = top; slot > 0n && expected === 0n; slot -= 1n) {
    if (slot === SPAN) run = 0n;
    run = model.owners[u32(slot - 1n)] === NOBODY ? run + 1n : 0n;
    if (run === pages) expected = pageOf(slot - 1n);
  }
  const found = tree.findGap(pages, pageAt(pageOf(top)));
  assert((found ?? 0n) === expected, `a gap of ${pages} pages: ${found ?? 0n}, not ${hex(expected)}`);
  if (found === null) model.gapsRefused += 1;
  else model.gapsFound += 1;
}

function compareAll(): void {
  for (let slot: u64 = 0n; slot < 2n * SPAN; slot += 1n) {
    const region = tree.find(pageAt(pageOf(slot)));
    const owner = model.owners[u32(slot)];
    if (owner === NOBODY) assert(region === null, "nobody's page");
    else assert(region === model.regions[owner], "somebody's page");
  }
  assert(tree.find(middle.first) === middle, "what stays in the middle");
}
