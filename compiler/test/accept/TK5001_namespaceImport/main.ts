import { VALUE } from "./other";
export function main(): void {
  log.info(`${VALUE}`);
}
