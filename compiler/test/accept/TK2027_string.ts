type Vector = u8 & Newtype<"Vector">;
function show(vector: Vector): void {
  log.info(`${vector}`);
}
export function main(): void {
  show(32 as Vector);
}
