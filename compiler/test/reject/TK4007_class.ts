class Registers {
  status: u32;
}
class Device {
  registers: Volatile<Registers>; // error TK4007
}
const device = new Device();
export function main(): void {
  log.info(`${addressOf(device)}`);
}
