import * as other from "./other"; // error TK5001
export function main(): void {
  log.info(`${other.VALUE}`);
}
