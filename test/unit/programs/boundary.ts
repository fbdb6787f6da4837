// One export of every kind, for the test of what happens where kernel code meets TypeScript on Node.

export type Ticket = u64 & Newtype<"Ticket">;

export const LIMIT: u32 = 7;
export const WIDE: u64 = 0xffff_8000_0000_0000n;
export const TITLE: string = "boundary é";
export const STRICT: bool = true;

export enum Colour {
  Red,
  Green = 5,
  Blue,
}

export class Point {
  x: i32 = -3;
  y: u16;
  colour: Colour = Colour.Blue;

  static readonly DIMENSIONS: u32 = 2;

  static ofTicket(ticket: Ticket): u32 {
    return u32.wrap(ticket);
  }

  sum(extra: i32 = 10): i32 {
    return this.x + i32(this.y) + extra;
  }
}

export class Shape {
  name: string = "none";
  readonly corners: FixedArray<Point, 3>;
  centre: Ref<Point> | null;
  weight: u8 | null = 9;
  visible: bool;
  visit: ((value: u32) => u32) | null;
}

export class Box<T> {
  value: T;
}

const box = new Box<u32>();
export const shape = new Shape();
let counter: u32 = 40;

export function nextCount(): u32 {
  counter += 1;
  return counter;
}

export function same<T>(value: T): T {
  return value;
}

export function throughGeneric(value: u32): u32 {
  box.value = same(value);
  return box.value;
}

export function wrapAround(value: u8): u8 {
  return wrappingAdd(value, 1);
}

export function negate(value: i64): i64 {
  return -value;
}

export function sumOf(values: Slice<u16>): u32 {
  let sum: u32 = 0;
  for (const value of values) sum += value;
  return sum;
}

export function fillWith(values: Slice<u16>, value: u16): Slice<u16> {
  for (let i: u32 = 0; i < values.length; i += 1) values[i] = value;
  return subslice(values, 0, 2);
}

export function firstOver(values: Slice<u16>, limit: u16): u16 | null {
  for (const value of values) if (value > limit) return value;
  return null;
}

export function centreOf(owner: Shape): Point | null {
  return owner.centre;
}

export function nameOf(colour: Colour): string {
  return colour === Colour.Red ? "red" : "other";
}

export function lengthOf(text: string): u32 {
  return byteLength(text);
}

export function say(message: Message): void {
  log.warn(message);
}

export function sayNumber(value: u64): void {
  log.info(`value ${value}, ${hex(value)}`);
}

export function applyTwice(change: (value: u32) => u32, value: u32): u32 {
  return change(change(value));
}

export function double(value: u32): u32 {
  return value * 2;
}

export function chosen(): (value: u32) => u32 {
  return double;
}

export function deepPanic(depth: u32): u32 {
  if (depth === 0) panic("the bottom");
  return deepPanic(depth - 1) + 1;
}

export function elementOf(points: Slice<Point>, index: u32): i32 {
  return points[index].x;
}

declare function boundary_test_routine(value: u64): u64;

export function callAssembly(value: u64): u64 {
  return boundary_test_routine(value) + 1n;
}
