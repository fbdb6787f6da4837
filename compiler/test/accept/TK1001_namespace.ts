class Inner {
  static readonly VALUE: u32 = 1;
}
export function main(): void {
  log.info(`${Inner.VALUE}`);
}
