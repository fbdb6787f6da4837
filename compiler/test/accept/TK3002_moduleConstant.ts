const BASE: u32 = 3;
const VALUE: u32 = BASE * 7 + u32(sizeOf<u64>());
export function main(): void {
  log.info(`${VALUE}`);
}
