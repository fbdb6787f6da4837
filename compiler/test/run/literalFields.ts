// Every kind of field in an object literal: inline object, reference, optional, slice of a literal, function.

class A {
  x: u32;
}
class B {
  a: A;
  r: Ref<A> | null;
  o: u32 | null;
  s: Slice<u8>;
  f: (() => void) | null;
}
const a = new A();
const B0: B = { a: { x: 4 }, r: a, o: 7, s: [1, 2, 3], f: main };
export function main(): void {
  log.info(`${B0.a.x} ${B0.r === a} ${B0.o ?? 0} ${B0.s.length} ${B0.f !== null}`);
}
