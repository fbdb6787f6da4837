import { LIMIT } from "./limits";
import { current } from "../counter";

export enum Kind {
  Circle,
  Square = LIMIT - 96,
}

export class Shape {
  kind: Kind;
  side: u32;
  corners(): u32 {
    return this.kind === Kind.Square ? SIDES[1] : SIDES[0];
  }
}

export const SIDES: FixedArray<u32, 2> = [0, 4];

const square = new Shape();

export function makeSquare(side: u32): Shape {
  square.kind = Kind.Square;
  square.side = side;
  return square;
}

export function area(shape: Shape): u32 {
  return shape.side * shape.side + current() + LIMIT;
}
