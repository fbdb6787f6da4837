// A conversion keeps the value, or panics with it.

function low(value: u64): u16 {
  return u16(value);
}

export function main(): void {
  log.info(`${low(65535n)}`);
  log.info(`${low(0xffff_ffff_ffff_ffffn)}`);
}
