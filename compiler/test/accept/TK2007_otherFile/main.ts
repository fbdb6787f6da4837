import type { Ticket } from "./ticket";
import { first } from "./ticket";
export function main(): void {
  const ticket: Ticket = first();
  log.info(`${ticket}`);
}
