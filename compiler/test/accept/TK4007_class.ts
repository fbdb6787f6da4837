class Registers {
  status: Volatile<u32>;
}
class Device {
  registers: Registers;
}
const device = new Device();
export function main(): void {
  log.info(`${device.registers.status}`);
}
