// I/O ports. Tests put devices behind them; a port without a device is an error, not a silent 0xff.

import { MachineError } from "./errors";

export type PortBits = 8 | 16 | 32;

/** What answers at some ports. Missing: that direction is an error. */
export interface Device {
  read?(port: number, bits: PortBits): number;
  write?(port: number, value: number, bits: PortBits): void;
}

export interface PortAccess {
  readonly direction: "in" | "out";
  readonly port: number;
  readonly bits: PortBits;
  readonly value: number;
}

export class Ports {
  private readonly devices = new Map<number, Device>();
  /** Every access so far, in order. */
  readonly history: PortAccess[] = [];

  /** Puts a device behind `count` ports from `first` on. */
  install(first: number, count: number, device: Device): void {
    for (let port = first; port < first + count; port += 1) this.devices.set(port, device);
  }

  read(port: number, bits: PortBits): number {
    const device = this.devices.get(port);
    if (device?.read === undefined) throw new MachineError(`in${bits}: no device at port 0x${port.toString(16)}`);
    const value = device.read(port, bits);
    this.history.push({ direction: "in", port, bits, value });
    return value;
  }

  write(port: number, value: number, bits: PortBits): void {
    const device = this.devices.get(port);
    if (device?.write === undefined) throw new MachineError(`out${bits}: no device at port 0x${port.toString(16)}`);
    this.history.push({ direction: "out", port, bits, value });
    device.write(port, value, bits);
  }

  /** What has been written to a port. */
  written(port: number): number[] {
    return this.history.filter((each) => each.direction === "out" && each.port === port).map(({ value }) => value);
  }

  reset(): void {
    this.devices.clear();
    this.history.length = 0;
  }
}
