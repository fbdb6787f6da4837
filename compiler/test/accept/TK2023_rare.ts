let free: u32 = 0;

function refill(): u32 {
  free = 64;
  return free;
}
calledRarely(refill);

export function main(): void {
  if (free === 0) log.info(`${refill()}`);
}
