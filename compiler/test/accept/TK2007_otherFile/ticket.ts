export type Ticket = u64 & Newtype<"Ticket">;
export function first(): Ticket {
  return 1n as Ticket;
}
