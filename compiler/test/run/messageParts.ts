// The parts of a message as their consumer sees them.

enum Fruit {
  Apple,
}

class Sink {
  private bytes: FixedArray<u8, 64>;
  private used: u32;

  write(text: string): void {
    for (const byte of bytesOf(text)) {
      this.bytes[this.used] = byte;
      this.used += 1;
    }
  }

  text(): string {
    return stringOver(subslice(this.bytes, 0, this.used));
  }
}

const sink = new Sink();

function describe(message: Message): void {
  for (const part of messageParts(message)) {
    log.info(`${part.kind} width ${part.width} right ${part.alignRight} [${part.text}] ${part.value}`);
  }
}

function texts(message: Message): void {
  for (const part of messageParts(message)) {
    switch (part.kind) {
      case MessagePartKind.Text:
        sink.write(part.text);
        break;
      case MessagePartKind.Unsigned:
        sink.write("#");
        break;
      default:
        sink.write("?");
    }
  }
}

export function main(): void {
  describe(`a${alignRight(7, 5)}`);
  const signed: i8 = -1;
  describe(`${signed}${hex(255, 4)}${true}${char(66)}`);
  describe("whole");
  describe(`${Fruit.Apple}${"inner"}`);
  texts(`x=${5}, y=${signed};`);
  log.info(sink.text());
}
