type Name = string & Newtype<"Name">; // error TK2027
function show(name: Name): void {}
export function main(): void {
  show("x" as Name);
}
