/**
 * The sun and its four great planets: `nbody [STEPS]`, each of 3.65 days.
 *
 * Every body pulls on every other ("Newton's law of universal gravitation"), and a step moves each by its velocity then
 * (symplectic Euler). The energy of it all should stay what it was: how much it drifts tells how good the steps are.
 * Lengths are in astronomical units, time in years, masses such that the sun has 4 pi^2.
 */
import { fixed, parseWhole, table } from "./lib/format";
import { exit, programArguments } from "./lib/process";
import { print, printError, printLine } from "./lib/terminal";

const SOLAR_MASS = 4 * Math.PI * Math.PI;
const DAYS = 365.24;
const STEP_YEARS = 0.01;
const DEFAULT_STEPS = 10_000;

interface Vector {
  x: number;
  y: number;
  z: number;
}

interface Body {
  name: string;
  mass: number;
  position: Vector;
  velocity: Vector;
}

/** Velocities are given per day and masses in suns. */
function body(name: string, suns: number, [x, y, z]: number[], [dx, dy, dz]: number[]): Body {
  return {
    name,
    mass: suns * SOLAR_MASS,
    position: { x: x ?? 0, y: y ?? 0, z: z ?? 0 },
    velocity: { x: (dx ?? 0) * DAYS, y: (dy ?? 0) * DAYS, z: (dz ?? 0) * DAYS },
  };
}

function solarSystem(): Body[] {
  return [
    body("Sun", 1, [0, 0, 0], [0, 0, 0]),
    body(
      "Jupiter",
      9.54791938e-4,
      [4.84143144, -1.16032004, -0.103622044],
      [0.00166007664, 0.00769901118, -6.90460017e-5],
    ),
    body(
      "Saturn",
      2.85885981e-4,
      [8.34336672, 4.124798564, -0.403523417],
      [-0.00276742511, 0.00499852801, 2.30417297e-5],
    ),
    body(
      "Uranus",
      4.36624404e-5,
      [12.8943696, -15.1111514, -0.223307579],
      [0.00296460138, 0.0023784717, -2.96589569e-5],
    ),
    body(
      "Neptune",
      5.15138902e-5,
      [15.3796971, -25.9193146, 0.179258773],
      [0.00268067772, 0.0016282417, -9.51592255e-5],
    ),
  ];
}

/** Gives the sun the momentum that makes the sum zero, so that the system stays where it is. */
function rest(bodies: Body[]): void {
  const [sun] = bodies;
  if (sun === undefined) return;
  for (const { mass, velocity } of bodies) {
    sun.velocity.x -= (velocity.x * mass) / SOLAR_MASS;
    sun.velocity.y -= (velocity.y * mass) / SOLAR_MASS;
    sun.velocity.z -= (velocity.z * mass) / SOLAR_MASS;
  }
}

function pull(a: Body, b: Body): void {
  const x = a.position.x - b.position.x;
  const y = a.position.y - b.position.y;
  const z = a.position.z - b.position.z;
  const square = x * x + y * y + z * z;
  const strength = STEP_YEARS / (square * Math.sqrt(square));
  a.velocity.x -= x * b.mass * strength;
  a.velocity.y -= y * b.mass * strength;
  a.velocity.z -= z * b.mass * strength;
  b.velocity.x += x * a.mass * strength;
  b.velocity.y += y * a.mass * strength;
  b.velocity.z += z * a.mass * strength;
}

function advance(bodies: Body[]): void {
  bodies.forEach((a, index) => bodies.slice(index + 1).forEach((b) => pull(a, b)));
  for (const { position, velocity } of bodies) {
    position.x += velocity.x * STEP_YEARS;
    position.y += velocity.y * STEP_YEARS;
    position.z += velocity.z * STEP_YEARS;
  }
}

/** Kinetic, and potential of each pair. */
function energy(bodies: Body[]): number {
  let sum = 0;
  bodies.forEach((a, index) => {
    const { x, y, z } = a.velocity;
    sum += (a.mass * (x * x + y * y + z * z)) / 2;
    for (const b of bodies.slice(index + 1)) sum -= (a.mass * b.mass) / distance(a.position, b.position);
  });
  return sum;
}

function distance(a: Vector, b: Vector): number {
  const x = a.x - b.x;
  const y = a.y - b.y;
  const z = a.z - b.z;
  return Math.sqrt(x * x + y * y + z * z);
}

function main(): number {
  const [text] = programArguments();
  const steps = text === undefined ? DEFAULT_STEPS : parseWhole(text);
  if (steps === null) {
    printError("usage: nbody [STEPS]");
    return 1;
  }
  const bodies = solarSystem();
  rest(bodies);
  const before = energy(bodies);
  for (let step = 0; step < steps; step += 1) advance(bodies);
  const rows = bodies.map(({ name, position: { x, y, z } }) => [name, fixed(x, 6), fixed(y, 6), fixed(z, 6)]);
  print(table([["after", "x", "y", "z"], ...rows], [1, 2, 3]));
  printLine(`${fixed(steps * STEP_YEARS, 2)} years; energy ${fixed(before, 9)}, then ${fixed(energy(bodies), 9)}`);
  return 0;
}

exit(main());
