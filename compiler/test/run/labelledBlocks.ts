// Labels on blocks and loops, also unused ones and those named like C words.

export function main(): void {
  int: for (let i: u32 = 0; i < 2; i++) {
    for (;;) continue int;
  }
  block: {
    if (addressOf("x") !== 0n) break block;
    log.info("no");
  }
  unused: while (false) {}
  log.info("done");
}
