// A newtype's door is in its own file; others use the functions that it offers.

import type { Ticket } from "./ticket";
import { makeTicket, number, advance } from "./ticket";

function later(ticket: Ticket, steps: u32): Ticket {
  let result = ticket;
  for (let i: u32 = 0; i < steps; i++) result = advance(result);
  return result;
}

export function main(): void {
  const first = makeTicket(3n);
  log.info(`${first} ${later(first, 4)} ${number(later(first, 1))}`);
}
