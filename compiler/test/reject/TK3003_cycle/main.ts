import { RIGHT } from "./right";
export const LEFT: u32 = RIGHT + 1;
export function main(): void {
  log.info(`${LEFT}`);
}
