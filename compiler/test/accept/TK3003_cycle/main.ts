import { RIGHT } from "./right";
export const LEFT: u32 = RIGHT + 1;
export const START: u32 = 1;
export function main(): void {
  log.info(`${LEFT}`);
}
