export function main(): void {
  let ready: bool = false;
  ready ||= true; // error TK1015
  log.info(`${ready}`);
}
