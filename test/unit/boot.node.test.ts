/**
 * The whole kernel, from the loader's answers to the end of the boot, on the simulated machine: what goes out
 * through the serial port is what it would be on a PC.
 */
import { beforeEach, expect, test } from "vitest";
import { RawMemoryRange } from "../../boot/bootInfo";
import {
  HhdmResponse,
  KernelAddressResponse,
  KernelFileResponse,
  LimineFile,
  LoaderInfoResponse,
  MemoryMapResponse,
  hhdmRequest,
  kernelAddressRequest,
  kernelFileRequest,
  loaderInfoRequest,
  memoryMapRequest,
} from "../../boot/limineProtocol";
import { Halted, addressOf, machine } from "../../compiler/machine/session";
import { kernelMain } from "../../kernel/main";
import { Exited, installDevices } from "./devices.node";

const PAGE = 4096n;
/** What the loader leaves in memory: texts, the list of ranges, and a variable of the entry code. */
const TEXTS = 0x5000n;
const RANGE_LIST = 0x6000n;
const ENTRY_TICKS = 0x7000n;
const RAM_END = 128n << 20n;

let sent: () => string;
let textEnd: bigint;

beforeEach(() => {
  machine.reset();
  machine.usesHandlers = true;
  textEnd = TEXTS;
  sent = installDevices();
  machine.image.define("boot_entry_ticks", machine.directMap + ENTRY_TICKS);
  machine.image.define("trap_stubs", machine.image.virtualAddress + PAGE);
  machine.image.define("system_call_entry", machine.image.virtualAddress + 2n * PAGE);
});

/** A zero-terminated text in the loader's memory. */
function text(value: string): bigint {
  const bytes = Buffer.from(`${value}\0`);
  machine.bytes(textEnd, bytes.length).set(bytes);
  textEnd += BigInt(bytes.length);
  return machine.directMap + textEnd - BigInt(bytes.length);
}

function answerLoader(commandLine: string): void {
  const info = new LoaderInfoResponse();
  info.name = text("vitest");
  info.version = text("1.0");
  loaderInfoRequest.response = addressOf(info);
  const hhdm = new HhdmResponse();
  hhdm.offset = machine.directMap;
  hhdmRequest.response = addressOf(hhdm);
  const place = new KernelAddressResponse();
  place.physicalBase = machine.image.physicalAddress;
  place.virtualBase = machine.image.virtualAddress;
  kernelAddressRequest.response = addressOf(place);
  answerFile(commandLine);
  answerMemoryMap();
}

function answerFile(commandLine: string): void {
  const file = new LimineFile();
  file.commandLine = text(commandLine);
  const response = new KernelFileResponse();
  response.file = addressOf(file);
  kernelFileRequest.response = addressOf(response);
}

function answerMemoryMap(): void {
  const range = new RawMemoryRange();
  range.length = RAM_END;
  machine.write64(RANGE_LIST, addressOf(range));
  const response = new MemoryMapResponse();
  response.count = 1n;
  response.entries = machine.directMap + RANGE_LIST;
  memoryMapRequest.response = addressOf(response);
}

function boot(commandLine: string): number {
  answerLoader(commandLine);
  try {
    kernelMain();
  } catch (error) {
    if (error instanceof Exited) return error.code;
    throw error;
  }
}

test("the kernel boots, reports, and ends as asked", () => {
  expect(boot("exit events")).toBe(33);
  expect(sent()).toMatch(/started by vitest 1\.0/);
  expect(sent()).toMatch(/^@boot loader="vitest" entry=limine revision=\d frames_free=\d+$/m);
  expect(sent()).toMatch(/^@ready$/m);
});

test("the TLB holds nothing stale afterwards", () => {
  boot("exit");
  machine.paging = true;
  machine.touch(machine.image.limits("data").start, "write");
  expect(machine.staleTranslations()).toEqual([]);
});

test("a panic goes through the kernel's own report, and ends with 35", () => {
  expect(boot("exit demo=double-free")).toBe(35);
  expect(sent()).toMatch(/double free: the frame at 0x[0-9a-f]{16} is free already/);
});

test("without a memory map the kernel says so and halts", () => {
  answerLoader("exit");
  memoryMapRequest.response = 0n;
  expect(() => kernelMain()).toThrow(Halted);
  expect(sent()).toContain("the loader gives no memory map");
});
