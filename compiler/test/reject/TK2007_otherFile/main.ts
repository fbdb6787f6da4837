import type { Ticket } from "./ticket";
import { first } from "./ticket";
export function main(): void {
  const forged = 5n as Ticket; // error TK2007
  log.info(`${forged} ${first()}`);
}
