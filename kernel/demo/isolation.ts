/**
 * Two tasks, each with an address space of its own: the same address, different contents.
 *
 *     address 0x10000000     task A  -->  "I am A"        task B  -->  "I am B"
 *                            clone of A  -->  "I am A" until one of the two writes
 *
 * A task here is a routine of the kernel that runs while its address space is in use, and reaches its page as the
 * kernel reaches memory of any program.
 */

import { type Frame, type Page, type VirtAddr, frameStart, pageAfter, pageStart } from "../../arch/x86_64/addresses";
import { userWindowFirst } from "../../arch/x86_64/pageTable";
import { probeRead } from "../../arch/x86_64/probe";
import { type AddressSpace, cloneSpace, createSpace, destroySpace, leaveSpace } from "../mm/addressSpace";
import { MapRequest, Placement, mapPages, switchSpace } from "../mm/addressSpace";
import { lastRefusal } from "../mm/faults";
import { freeFrameCount } from "../mm/frameAllocator";
import { PageMapping, findMapping } from "../mm/pageMapper";
import { SpaceResult } from "../mm/regions";
import { READ, RegionKind, WRITE } from "../mm/regionTree";
import { readUser, writeUser } from "../mm/userMemory";

/** The one page of each task, counted from where pages of programs begin. */
const PAGE_INDEX: u64 = 0x1_0000n;
const NOTE_BYTES: u32 = 16;

const request = new MapRequest();
const mapping = new PageMapping();
const note = new FixedArray<u8, 16>();

/** Shows isolation, copy on write and a refused access, and gives everything back. */
export function demoIsolation(): void {
  const free = freeFrameCount();
  const first = createSpace();
  const second = createSpace();
  if (first === null || second === null || !mapPage(first) || !mapPage(second)) {
    log.error("no memory for two address spaces");
    if (first !== null) destroySpace(first);
    if (second !== null) destroySpace(second);
    return;
  }
  log.info(`two tasks, each with a page at ${hex(noteAddress())}; a page costs nothing until it is touched`);
  runTask(first, "A", "I am A");
  runTask(second, "B", "I am B");
  showNote(first, "A");
  log.info("the same address, two frames: neither task can even name the other's memory");
  showCopyOnWrite(first);
  showRefusal(second);
  leaveSpace();
  destroySpace(first);
  destroySpace(second);
  log.info(`both tasks are gone, and ${freeFrameCount() === free ? "every frame" : "not every frame"} is back`);
}

function notePage(): Page {
  return pageAfter(userWindowFirst(), PAGE_INDEX);
}

function noteAddress(): VirtAddr {
  return pageStart(notePage());
}

function mapPage(space: AddressSpace): bool {
  zeroStruct(request);
  request.kind = RegionKind.Private;
  request.placement = Placement.Exactly;
  request.access = READ | WRITE;
  request.first = notePage();
  request.pages = 1n;
  return mapPages(space, request) === SpaceResult.Done;
}

/** The task writes its note: the page fault on the way gets it a frame. */
function runTask(space: AddressSpace, name: string, text: string): void {
  switchSpace(space);
  const result = writeUser(noteAddress(), bytesOf(text));
  if (result !== SpaceResult.Done) log.error(`task ${name}: writing its note ended with ${result}`);
  showNote(space, name);
}

/** The note at the address, as this task sees it. */
function showNote(space: AddressSpace, name: string): void {
  switchSpace(space);
  if (readUser(note, noteAddress()) !== SpaceResult.Done) {
    log.error(`task ${name} cannot read its note`);
    return;
  }
  log.info(`task ${name} reads "${stringOver(noteText())}" there, from the frame at ${frameStart(frameOf(space))}`);
}

function noteText(): Slice<u8> {
  let length: u32 = 0;
  while (length < NOTE_BYTES && note[length] !== 0) length += 1;
  return subslice(note, 0, length);
}

/** The frame behind the page, which was touched. */
function frameOf(space: AddressSpace): Frame {
  const found = findMapping(space.root(), notePage(), mapping);
  assert(found, "a page that was touched is mapped");
  return mapping.frame;
}

function showCopyOnWrite(first: AddressSpace): void {
  const clone = cloneSpace(first);
  if (clone === null) {
    log.error("no memory for a clone");
    return;
  }
  log.info("task A is cloned: both have its frame, read-only, and nothing was copied");
  showNote(clone, "A'");
  runTask(clone, "A'", "I am a clone");
  log.info("the write found the frame shared, and made a copy for the clone");
  showNote(first, "A");
  switchSpace(first);
  destroySpace(clone);
}

function showRefusal(space: AddressSpace): void {
  switchSpace(space);
  const beyond = noteAddress() + 4096n;
  log.info(`task B writes to ${hex(beyond)}, one page further`);
  const result = writeUser(beyond, bytesOf("not mine"));
  log.info(`refused: ${lastRefusal()}; whoever asked gets ${result}, and the kernel goes on`);
  if (!probeRead(noteAddress())) log.info(`the kernel itself, without its copy routines: refused, ${lastRefusal()}`);
}
