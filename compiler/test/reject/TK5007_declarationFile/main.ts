import { sum } from "./library";
export function main(): void {
  log.info(`${sum(1, 2)}`);
}
