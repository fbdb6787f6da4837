// A variable, parameter or result of class type is a reference: writes through it are seen by all.

class Point {
  x: i32;
  y: i32;
}

class Segment {
  from: Point;
  to: Point;
}

const points = new FixedArray<Point, 2>();
const segment = new Segment();

function move(point: Point, dx: i32): Point {
  point.x += dx;
  return point;
}

function pick(second: bool): Point {
  return second ? segment.to : segment.from;
}

export function main(): void {
  const first = points[0];
  first.x = 5;
  log.info(`${points[0].x} ${points[1].x}`);
  move(points[1], 7).y = -1;
  log.info(`${points[1].x} ${points[1].y}`);
  let current = segment.from;
  current.x = 1;
  current = segment.to;
  current.x = 2;
  log.info(`${segment.from.x} ${segment.to.x}`);
  pick(true).y = 30;
  pick(false).y = 20;
  log.info(`${segment.from.y} ${segment.to.y}`);
  log.info(`${pick(true) === segment.to} ${pick(true) === pick(false)} ${points[0] !== points[1]}`);
}
