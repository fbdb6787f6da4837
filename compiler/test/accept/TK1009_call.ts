function setUp(): void {}
export function main(): void {
  setUp();
}
