/*
 * Bit scans, and numbers as text: bytes go one by one to a sink.
 */
#include "twins.h"

enum { NUMBERS = 256 };

typedef void byte_sink(u8 byte);

static u8 text[32];
static u32 text_length;

static u32 trailing_zeros(u64 word) { return word == 0 ? 64 : (u32)__builtin_ctzl(word); }
static u32 leading_zeros(u64 word) { return word == 0 ? 64 : (u32)__builtin_clzl(word); }

static void write_decimal(byte_sink *sink, u64 value, u32 minimum_digits) {
  u8 digits[20];
  u32 count = 0;
  while (value != 0 || count < minimum_digits) {
    digits[count++] = '0' + value % 10;
    value /= 10;
  }
  while (count > 0) sink(digits[--count]);
}

static void write_hex(byte_sink *sink, u64 value, u32 minimum_digits) {
  u32 digits = value == 0 ? 1 : (67 - leading_zeros(value)) / 4;
  if (digits < minimum_digits) digits = minimum_digits;
  for (const char *prefix = "0x"; *prefix != 0; prefix++) sink((u8)*prefix);
  while (digits-- > 0) {
    u8 nibble = value >> (digits * 4) & 15;
    sink(nibble < 10 ? '0' + nibble : 'a' + nibble - 10);
  }
}

static void put_byte(u8 byte) { text[text_length++ & 31] = byte; }

u64 run_bit_scans(void) {
  u64 sum = 0;
  for (int i = 0; i < WORDS; i++) sum += trailing_zeros(words[i]) + leading_zeros(words[i]);
  return sum;
}

u64 run_bit_counts(void) {
  u64 sum = 0;
  for (int i = 0; i < WORDS; i++) sum += (u64)__builtin_popcountl(words[i]);
  return sum;
}

u64 run_decimal(void) {
  text_length = 0;
  for (int i = 0; i < NUMBERS; i++) write_decimal(put_byte, words[i], 1);
  return text_length + text[0];
}

u64 run_hexadecimal(void) {
  text_length = 0;
  for (int i = 0; i < NUMBERS; i++) write_hex(put_byte, words[i], 1);
  return text_length + text[0];
}
