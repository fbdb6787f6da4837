/**
 * arch/x86_64/addresses on the simulated machine.
 */
import { beforeEach, expect, test } from "vitest";
import { frameAt, frameStart, isCanonical, tryVirtAddr, virtAddr } from "../../arch/x86_64/addresses";
import { Panic, machine } from "../../compiler/machine/session";

beforeEach(() => machine.reset());

test("frames start at multiples of 4 KiB", () => {
  expect(frameStart(frameAt(0x123n))).toBe(0x123000n);
});

test("addresses with unequal upper bits are not canonical", () => {
  expect(isCanonical(0xffff_8000_0000_0000n)).toBe(true);
  expect(isCanonical(0x0000_8000_0000_0000n)).toBe(false);
  expect(tryVirtAddr(0x0000_8000_0000_0000n)).toBeNull();
});

test("a panic is an error with the message and the place", () => {
  expect(() => virtAddr(1n << 60n)).toThrow(Panic);
  expect(() => virtAddr(1n << 60n)).toThrow(/^a virtual address must be canonical at arch\/x86_64\/addresses\.ts:\d+$/);
});

test("values are checked on the way in", () => {
  expect(() => frameAt(-1n)).toThrow("-1n is not u64");
  expect(() => frameAt(5 as never)).toThrow("5 is not u64");
});
