/**
 * Messages as text on the serial port, and where `log` and `panic` go.
 *
 * A message is a list of parts on the caller's stack: printing one allocates nothing.
 */
import { endMachine, EXIT_FAILED } from "./machine";
import { writeSerial } from "./serial";

const DIGIT_ZERO: u8 = 0x30;
const LETTER_A: u8 = 0x61;

bindLog(writeLogLine);
bindPanic(reportPanic);

/** Prints a text or a template literal. */
export function print(message: Message): void {
  for (const part of messageParts(message)) printPart(part);
}

function writeLogLine(_level: u32, subsystem: string, message: Message): void {
  print(`${subsystem}: `);
  print(message);
  print("\n");
}

function reportPanic(message: Message, place: string): never {
  print("panic: ");
  print(message);
  print(` at ${place}\n`);
  endMachine(EXIT_FAILED);
}

function printPart(part: MessagePart): void {
  switch (part.kind) {
    case MessagePartKind.Text:
      printText(part.text);
      break;
    case MessagePartKind.Bool:
      printText(part.value !== 0n ? "true" : "false");
      break;
    case MessagePartKind.Char:
      writeSerial(u8.wrap(part.value));
      break;
    case MessagePartKind.Hex:
      printText("0x");
      printNumber(part.value, 16n, part.width);
      break;
    default:
      printSigned(part);
      break;
  }
}

function printText(text: string): void {
  for (const byte of bytesOf(text)) writeSerial(byte);
}

/** An integer in decimal: `value` holds its bits, sign-extended for a signed one. */
function printSigned(part: MessagePart): void {
  const isNegative = part.kind === MessagePartKind.Signed && part.value >> 63n === 1n;
  if (isNegative) printText("-");
  printNumber(isNegative ? wrappingSub<u64>(0n, part.value) : part.value, 10n, 1);
}

/** With leading zeros up to `minimumDigits`, at most 20. */
function printNumber(value: u64, base: u64, minimumDigits: u32): void {
  const digits = new FixedArray<u8, 20>();
  let count: u32 = 0;
  let rest = value;
  while (rest !== 0n || count < minimumDigits || count === 0) {
    const digit = u8(rest % base);
    digits[count] = digit < 10 ? DIGIT_ZERO + digit : LETTER_A + digit - 10;
    rest /= base;
    count += 1;
  }
  while (count > 0) {
    count -= 1;
    writeSerial(digits[count]);
  }
}
