/**
 * Vitest's global setup for tests of programs: brings those of user/ up to date.
 */
import { makeTarget } from "./buildKernels";

export const setup = (): void => makeTarget("programs");
