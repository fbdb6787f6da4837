// Modules: functions, constants, variables, classes, types and enums cross file borders; private names do not clash.

import { increment, current, describe } from "./counter";
import type { Shape } from "./shapes/shape";
import { Kind, makeSquare, area, SIDES } from "./shapes/shape";
import { LIMIT } from "./shapes/limits";

const helperValue: u32 = 1;

function helper(): u32 {
  return helperValue;
}

function show(shape: Shape): void {
  log.info(`${shape.kind} ${area(shape)} ${shape.corners()}`);
}

export function main(): void {
  log.info(`${helper()} ${describe()}`);
  increment();
  increment(5);
  log.info(`${current()}`);
  show(makeSquare(7));
  log.info(`${SIDES[1]} ${LIMIT} ${Kind.Circle}`);
}
