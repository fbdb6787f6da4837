type PhysAddr = u64 & Newtype<"PhysAddr">;
export function main(): void {
  log.info(`[${hex(5, 8)}] ${5n as PhysAddr} ${alignRight(char(65), 3)}`);
}
