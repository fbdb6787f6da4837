export type Ticket = u64 & Newtype<"Ticket">;

export function makeTicket(value: u64): Ticket {
  return value as Ticket;
}

export function advance(ticket: Ticket): Ticket {
  return (ticket + 1n) as Ticket;
}

export function number(ticket: Ticket): u64 {
  return ticket;
}
