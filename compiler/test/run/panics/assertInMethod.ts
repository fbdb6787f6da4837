// An assertion inside a condition-dependent path, in a method, with an enum in its message.

enum Kind {
  Free,
  Used,
}

class Frame {
  kind: Kind;
  release(): void {
    assert(this.kind === Kind.Used, `frame is ${this.kind}`); // panics
    this.kind = Kind.Free;
  }
}

const frames = new FixedArray<Frame, 2>();

export function main(): void {
  frames[1].kind = Kind.Used;
  frames[1].release();
  log.info(`${frames[1].kind}`);
  frames[1].release();
}
