/** Pseudo-random numbers (xorshift64): the same in every run, so that a failure can be repeated. */
export class Random {
  private state: u64 = 88172645463325252n;

  /** Any 64-bit number but 0. */
  next(): u64 {
    this.state ^= this.state << 13n;
    this.state ^= this.state >> 7n;
    this.state ^= this.state << 17n;
    return this.state;
  }

  /** 0 .. limit - 1. */
  below(limit: u64): u64 {
    return this.next() % limit;
  }
}
