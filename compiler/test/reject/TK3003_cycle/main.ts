import { RIGHT } from "./right";
export const LEFT: u32 = RIGHT + 1; // error TK3003
export function main(): void {
  log.info(`${LEFT}`);
}
