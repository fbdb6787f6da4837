export function helper(): void {}
export function main(): void {
  helper();
}
