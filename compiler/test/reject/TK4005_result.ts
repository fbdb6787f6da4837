function make(): Message { // error TK4005
  return "x";
}
export function main(): void {
  log.info(make());
}
