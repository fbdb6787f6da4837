// Returns from inside loops and switches, in functions of every kind of result.

enum Answer {
  Yes,
  No,
}

class Point {
  x: u32;
}

const points = new FixedArray<Point, 3>();

function firstAbove(values: Slice<u8>, limit: u8): u32 | null {
  for (let i: u32 = 0; i < values.length; i++) {
    if (values[i] > limit) return i;
  }
  return null;
}

function answer(value: u32): Answer {
  while (true) {
    switch (value) {
      case 1:
        return Answer.Yes;
      default:
        return Answer.No;
    }
  }
}

function pointWith(x: u32): Point {
  for (const point of points) {
    if (point.x === x) return point;
  }
  panic(`no point ${x}`);
}

function text(value: bool): string {
  if (value) return "yes";
  return "no";
}

function nothing(value: bool): void {
  if (value) return;
  log.info("went on");
}

const BYTES: FixedArray<u8, 4> = [1, 5, 9, 200];

export function main(): void {
  log.info(`${firstAbove(BYTES, 5) ?? 9} ${firstAbove(BYTES, 0) ?? 9} ${firstAbove(BYTES, 200) ?? 9}`);
  log.info(`${answer(1)} ${answer(2)}`);
  points[2].x = 4;
  log.info(`${pointWith(4) === points[2]} ${pointWith(0) === points[0]}`);
  log.info(`${text(true)} ${text(false)}`);
  nothing(true);
  nothing(false);
}
