declare function tessera_test_twice(value: u64): u64;

export function useTwice(value: u64): u64 {
  return tessera_test_twice(value) + 1n;
}
