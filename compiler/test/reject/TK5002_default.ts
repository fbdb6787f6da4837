export default function helper(): void {} // error TK5002
export function main(): void {
  helper();
}
