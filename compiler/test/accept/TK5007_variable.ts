declare function loadTask(selector: u16): void;
export function main(): void {
  loadTask(0x28);
  log.info(`${addressOfSymbol("kernel_start")}`);
}
