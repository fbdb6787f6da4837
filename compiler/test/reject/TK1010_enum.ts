export function main(): void {
  enum Colour { // error TK1010
    Red,
  }
  log.info(`${Colour.Red}`);
}
