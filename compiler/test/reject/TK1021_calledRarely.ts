function refill(): void {}
export function main(): void {
  calledRarely(refill); // error TK1021
  refill();
}
