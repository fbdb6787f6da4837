declare const kernelStart: u32; // error TK5007
export function main(): void {
  log.info(`${kernelStart}`);
}
