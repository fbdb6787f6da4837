/** Quantities as people read them: all print straight to the consoles, in columns that line up. */
import { print, putText } from "./console/console";
import { writeDecimal } from "./console/format";

const BYTES_PER_KIB: u64 = 1024n;
const MICROSECONDS_PER_MILLISECOND: u64 = 1000n;
const HERTZ_PER_MEGAHERTZ: u64 = 1_000_000n;

/** A size as `   4 KiB` or `126.9 MiB`: nine columns, one digit behind the point from a MiB on, rounded down. */
export function printSize(bytes: u64): void {
  const kibibytes = bytes / BYTES_PER_KIB;
  if (kibibytes < BYTES_PER_KIB) {
    print(`${alignRight(kibibytes, 5)} KiB`);
    return;
  }
  const mebibytes = kibibytes / BYTES_PER_KIB;
  if (mebibytes < BYTES_PER_KIB) printTenths(kibibytes, "MiB");
  else if (mebibytes < BYTES_PER_KIB * BYTES_PER_KIB) printTenths(mebibytes, "GiB");
  else printTenths(mebibytes / BYTES_PER_KIB, "TiB");
}

/** Milliseconds with three digits behind the point: ten columns. */
export function printMilliseconds(microseconds: u64): void {
  print(`${alignRight(microseconds / MICROSECONDS_PER_MILLISECOND, 6)}.`);
  writeDecimal(putText, microseconds % MICROSECONDS_PER_MILLISECOND, 3);
  print(" ms");
}

/** A frequency in MHz. */
export function printFrequency(hertz: u64): void {
  print(`${hertz / HERTZ_PER_MEGAHERTZ} MHz`);
}

/** `parts` 1024ths of a unit, with one digit behind the point. */
function printTenths(parts: u64, unit: string): void {
  const whole = parts / BYTES_PER_KIB;
  const tenths = ((parts % BYTES_PER_KIB) * 10n) / BYTES_PER_KIB;
  print(`${alignRight(whole, 3)}.${tenths} ${unit}`);
}
