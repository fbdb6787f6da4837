/**
 * Vitest's global setup for boot tests: brings the kernels up to date, so that `npx vitest run --project boot` never tests
 * yesterday's build. Under `make test` everything is current already and this is a no-op.
 */
import { spawnSync } from "node:child_process";

export const setup = (): void => makeTarget("kernels");

/** For what only some tests need. */
export function makeTarget(target: string): void {
  const environment = { ...process.env };
  for (const inherited of ["MAKEFLAGS", "MAKELEVEL", "MFLAGS"]) delete environment[inherited];
  const { status } = spawnSync("make", ["--no-print-directory", target], { env: environment, stdio: "inherit" });
  if (status !== 0) throw new Error(`make ${target} fails: see above`);
}
