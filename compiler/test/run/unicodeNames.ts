// Names outside ASCII.

const größe: u32 = 5;
function zähle(x: u32): u32 {
  const ñ = x + größe;
  return ñ;
}
class Straße {
  länge: u32;
}
const straße = new Straße();
export function main(): void {
  straße.länge = 1;
  log.info(`${zähle(1)} ${straße.länge}`);
}
