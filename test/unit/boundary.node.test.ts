/**
 * Where kernel code meets TypeScript on Node: what comes in, what goes out, and what is refused.
 */
import { beforeEach, describe, expect, test } from "vitest";
import { MachineError, Panic, addressOf, instanceAt, machine } from "../../compiler/machine/session";
import {
  Colour,
  LIMIT,
  Point,
  STRICT,
  Shape,
  TITLE,
  WIDE,
  applyTwice,
  callAssembly,
  centreOf,
  chosen,
  deepPanic,
  double,
  elementOf,
  fillWith,
  firstOver,
  lengthOf,
  nameOf,
  negate,
  nextCount,
  same,
  say,
  sayNumber,
  shape,
  sumOf,
  throughGeneric,
  wrapAround,
} from "./programs/boundary";

beforeEach(() => machine.reset());

describe("constants", () => {
  test("have the values of their types", () => {
    expect([LIMIT, WIDE, TITLE, STRICT]).toEqual([7, 0xffff_8000_0000_0000n, "boundary é", true]);
  });

  test("enums go from names to values and back", () => {
    expect([Colour.Green, Colour.Blue, Colour[5]]).toEqual([5, 6, "Green"]);
  });
});

describe("integers", () => {
  test("wrap at their width where that is meant, and panic where it is not", () => {
    expect(wrapAround(255)).toBe(0);
    expect(negate(1n - 2n ** 63n)).toBe(2n ** 63n - 1n);
    expect(() => negate(-(2n ** 63n))).toThrow("the result of - does not fit i64 at test/unit/programs/boundary.ts:68");
  });

  test("have one zero", () => {
    expect(double(-0)).toBe(0);
  });

  test("must fit", () => {
    expect(() => wrapAround(256)).toThrow("256 is not u8");
    expect(() => wrapAround(-1)).toThrow("-1 is not u8");
    expect(() => wrapAround(0.5)).toThrow("0.5 is not u8");
    expect(() => negate(2n ** 63n)).toThrow("is not i64");
  });
});

describe("arrays", () => {
  test("plain ones are copied into memory", () => {
    expect(sumOf([1, 2, 3])).toBe(6);
    expect(sumOf([])).toBe(0);
    expect([...fillWith([1, 2, 3], 9)]).toEqual([9, 9]);
  });

  test("of kernel code are the memory itself", () => {
    shape.corners[1].x = 5;
    expect(shape.corners.map((corner) => corner.x)).toEqual([-3, 5, -3]);
    expect(() => shape.corners[3]).toThrow("index 3 out of range for length 3");
  });

  test("an optional element is a value or null", () => {
    expect(firstOver([1, 5, 9], 4)).toBe(5);
    expect(firstOver([1], 4)).toBeNull();
  });
});

describe("text", () => {
  test("is UTF-8 inside", () => {
    expect(lengthOf("é")).toBe(2);
    expect(nameOf(Colour.Red)).toBe("red");
    shape.name = "triangle";
    expect(shape.name).toBe("triangle");
  });

  test("that is logged is recorded with its level and subsystem", () => {
    say("careful");
    sayNumber(255n);
    expect(machine.logs).toEqual([
      { level: "warn", subsystem: "programs", text: "careful" },
      { level: "info", subsystem: "programs", text: "value 255, 0xff" },
    ]);
  });
});

describe("classes", () => {
  test("are made with their initial values", () => {
    const point = new Point();
    expect([point.x, point.y, point.colour]).toEqual([-3, 0, Colour.Blue]);
    expect(point).toBeInstanceOf(Point);
  });

  test("have methods, default parameters and static members", () => {
    const point = new Point();
    point.y = 4;
    expect([point.sum(), point.sum(1)]).toEqual([11, 2]);
    expect([Point.DIMENSIONS, Point.ofTicket(0x1_0000_0002n as never)]).toEqual([2, 2]);
  });

  test("refer to each other by address", () => {
    const owner = new Shape();
    expect(centreOf(owner)).toBeNull();
    owner.centre = new Point();
    expect(centreOf(owner)).toBe(owner.centre);
    expect(instanceAt(Point, addressOf(owner.centre))).toBe(owner.centre);
    expect(() => centreOf(new Point() as never)).toThrow("is not test/unit/programs/boundary.ts:Shape");
  });

  test("have optional fields", () => {
    const owner = new Shape();
    expect([owner.weight, owner.visible]).toEqual([9, false]);
    owner.weight = null;
    owner.visible = true;
    expect([owner.weight, owner.visible]).toEqual([null, true]);
  });
});

describe("functions", () => {
  test("of the test are called from kernel code", () => {
    expect(applyTwice((value) => value * 3, 2)).toBe(18);
    expect(applyTwice(double, 2)).toBe(8);
  });

  test("of kernel code are the same function everywhere", () => {
    expect(chosen()).toBe(double);
    shape.visit = double;
    expect(shape.visit).toBe(double);
  });

  test("in assembly need a stand-in", () => {
    expect(() => callAssembly(1n)).toThrow("'boundary_test_routine' is written in assembly");
    machine.assembly.set("boundary_test_routine", (value: bigint) => value * 5n);
    expect(callAssembly(2n)).toBe(11n);
  });

  test("that are generic exist only inside", () => {
    expect(throughGeneric(12)).toBe(12);
    expect(() => same(1)).toThrow(MachineError);
  });
});

test("a reset gives variables their first values back", () => {
  expect([nextCount(), nextCount()]).toEqual([41, 42]);
  machine.reset();
  expect(nextCount()).toBe(41);
});

test("a panic leaves the stack of the machine as it was", () => {
  const before = machine.image.stackPointer;
  expect(() => deepPanic(3)).toThrow(Panic);
  expect(machine.image.stackPointer).toBe(before);
});

/** The lines of a stack trace that are in the kernel program, from the innermost on. */
function tracedLines(error: unknown): number[] {
  const frames = (error instanceof Error ? (error.stack ?? "") : "").split("\n").filter((line) => /^ +at /.test(line));
  expect(frames[0]).toContain("programs/boundary.ts");
  return frames.flatMap((frame) => /programs\/boundary\.ts:(\d+):/.exec(frame)?.slice(1).map(Number) ?? []);
}

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

test("stack traces show TypeScript lines", () => {
  const error = thrownBy(() => deepPanic(2));
  expect(error).toBeInstanceOf(Panic);
  const line = Number((error as Panic).place.split(":")[1]);
  expect(tracedLines(error)).toEqual([line, line + 1, line + 1]);
});

test("failed checks show the line that they stand in", () => {
  const error = thrownBy(() => elementOf(shape.corners, 3));
  expect((error as Panic).text).toBe("index 3 out of range for length 3");
  expect((error as Panic).place).toBe(`test/unit/programs/boundary.ts:${tracedLines(error)[0]}`);
});
