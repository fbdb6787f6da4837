/**
 * Devices of a PC for the simulated machine, as far as the boot uses them: COM1, the interval timer, the interrupt
 * controllers, and the port by which QEMU ends.
 */
import { machine } from "../../compiler/machine/session";

const COM1 = 0x3f8;
const LINE_STATUS = 5;
const MODEM_CONTROL = 4;
const LINE_CONTROL = 3;
const DIVISOR_LATCH = 0x80;
const LOOPBACK = 0x10;
const DATA_READY = 0x01;
const TRANSMITTER_EMPTY = 0x60;

/** A 16550 that sends at once. `sent` is what has gone out. */
class SerialPort {
  readonly sent: number[] = [];
  private readonly registers = new Array<number>(8).fill(0);
  private readonly looped: number[] = [];

  read(port: number): number {
    if (port === COM1 + LINE_STATUS) return TRANSMITTER_EMPTY | (this.looped.length > 0 ? DATA_READY : 0);
    return port === COM1 ? (this.looped.shift() ?? 0) : (this.registers[port - COM1] ?? 0);
  }

  write(port: number, value: number): void {
    this.registers[port - COM1] = value;
    const isData = port === COM1 && ((this.registers[LINE_CONTROL] ?? 0) & DIVISOR_LATCH) === 0;
    if (!isData) return;
    if (((this.registers[MODEM_CONTROL] ?? 0) & LOOPBACK) !== 0) this.looped.push(value);
    else this.sent.push(value);
  }
}

const PIT_DATA = 0x42;
const PIT_COMMAND = 0x43;
const PIT_GATE = 0x61;
const PIT_LATCH = 0x80;
const PIT_READ_BACK_STATUS = 0xe8;
const PIT_FREQUENCY = 1_193_182n;
/** The speed of the simulated processor. */
export const TICKS_PER_SECOND = 1_000_000_000n;
/** What an access to the timer takes. */
const TICKS_PER_ACCESS = 1000n;

/** Channel 2 in mode 0, counting down from 65535. */
class IntervalTimer {
  private startTicks = 0n;
  private pending: number[] = [];

  private get count(): number {
    const elapsed = ((machine.ticks - this.startTicks) * PIT_FREQUENCY) / TICKS_PER_SECOND;
    return Number((0xffffn - elapsed) & 0xffffn);
  }

  read(port: number): number {
    machine.ticks += TICKS_PER_ACCESS;
    return port === PIT_DATA ? (this.pending.shift() ?? 0) : 0;
  }

  write(port: number, value: number): void {
    machine.ticks += TICKS_PER_ACCESS;
    if (port === PIT_DATA) this.startTicks = machine.ticks;
    if (port !== PIT_COMMAND) return;
    if (value === PIT_LATCH) this.pending = [this.count & 0xff, this.count >> 8];
    if (value === PIT_READ_BACK_STATUS) this.pending = [0];
  }
}

/** Thrown when the kernel ends QEMU. */
export class Exited extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

/** Puts all of them into the machine. The result gives what has been sent through COM1. */
export function installDevices(): () => string {
  const serial = new SerialPort();
  const timer = new IntervalTimer();
  machine.ports.install(COM1, 8, serial);
  machine.ports.install(PIT_DATA, 2, timer);
  machine.ports.install(PIT_GATE, 1, timer);
  for (const controller of [0x20, 0xa0]) machine.ports.install(controller, 2, { write: () => undefined });
  machine.ports.install(0xf4, 1, {
    write(_port, value) {
      throw new Exited((value << 1) | 1);
    },
  });
  return () => Buffer.from(serial.sent).toString("utf8");
}
