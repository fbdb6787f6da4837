// SHA-256 (FIPS 180-4, "SHA-256 Preprocessing and hash computation"), with its published examples.

// prettier-ignore
const K: FixedArray<u32, 64> = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
];

class Digest {
  state: FixedArray<u32, 8> = [
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  ];

  block(bytes: Slice<u8>): void {
    const w = new FixedArray<u32, 64>();
    for (let i: u32 = 0; i < 16; i++) w[i] = word(bytes, i * 4);
    for (let i: u32 = 16; i < 64; i++) {
      const sum = wrappingAdd(w[i - 16], w[i - 7]);
      w[i] = wrappingAdd(sum, wrappingAdd(small0(w[i - 15]), small1(w[i - 2])));
    }
    this.mix(w);
  }

  private mix(w: Slice<u32>): void {
    const s = new FixedArray<u32, 8>();
    copyStruct(s, this.state);
    for (let i: u32 = 0; i < 64; i++) {
      const choose = (s[4] & s[5]) ^ (~s[4] & s[6]);
      const first = wrappingAdd(wrappingAdd(s[7], big1(s[4])), wrappingAdd(choose, wrappingAdd(K[i], w[i])));
      const majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
      const second = wrappingAdd(big0(s[0]), majority);
      for (let j: u32 = 7; j > 0; j--) s[j] = s[j - 1];
      s[4] = wrappingAdd(s[4], first);
      s[0] = wrappingAdd(first, second);
    }
    for (let i: u32 = 0; i < 8; i++) this.state[i] = wrappingAdd(this.state[i], s[i]);
  }
}

function word(bytes: Slice<u8>, at: u32): u32 {
  return (u32(bytes[at]) << 24) | (u32(bytes[at + 1]) << 16) | (u32(bytes[at + 2]) << 8) | bytes[at + 3];
}

function rotate(value: u32, count: u32): u32 {
  return (value >> count) | (value << (32 - count));
}

function small0(value: u32): u32 {
  return rotate(value, 7) ^ rotate(value, 18) ^ (value >> 3);
}

function small1(value: u32): u32 {
  return rotate(value, 17) ^ rotate(value, 19) ^ (value >> 10);
}

function big0(value: u32): u32 {
  return rotate(value, 2) ^ rotate(value, 13) ^ rotate(value, 22);
}

function big1(value: u32): u32 {
  return rotate(value, 6) ^ rotate(value, 11) ^ rotate(value, 25);
}

/** Texts of up to 55 bytes: one block. */
function show(text: string): void {
  const padded = new FixedArray<u8, 64>();
  const length = byteLength(text);
  const bytes = bytesOf(text);
  for (let i: u32 = 0; i < length; i++) padded[i] = bytes[i];
  padded[length] = 0x80;
  padded[62] = u8((length * 8) >> 8);
  padded[63] = u8.wrap(length * 8);
  const digest = new Digest();
  digest.block(padded);
  for (const part of digest.state) log.info(`${hex(part, 8)}`);
}

export function main(): void {
  show("abc");
  show("");
}
