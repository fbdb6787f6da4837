// A class-typed field is storage inside the object; Ref is a pointer to an object elsewhere.

class Inner {
  value: u32;
}

class Node {
  inner: Inner;
  shared: Ref<Inner>;
  other: Ref<Inner> | null;
}
staticAssert(sizeOf<Node>() === 24n);

const shared = new Inner();
const one = new Node();
const two = new Node();

export function main(): void {
  one.shared = shared;
  two.shared = shared;
  one.inner.value = 1;
  two.inner.value = 2;
  one.shared.value = 9;
  log.info(`${one.inner.value} ${two.inner.value} ${two.shared.value} ${shared.value}`);
  log.info(`${one.other === null} ${one.shared === two.shared}`);
  two.other = one.inner;
  if (two.other !== null) two.other.value += 40;
  log.info(`${one.inner.value}`);
  two.other = null;
  log.info(`${two.other === null}`);
}
