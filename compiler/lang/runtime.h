/*
 * What generated C stands on: the fixed-width types, checked operations, and the intrinsics of kernel.d.ts.
 * Freestanding: only stdint.h and stddef.h, except under TESSERA_HOST, where tests run as ordinary processes.
 *
 * `ts_panic` and `ts_log` are defined by the generated file: they call what the program has bound.
 */
#ifndef TESSERA_RUNTIME_H
#define TESSERA_RUNTIME_H

/* x86_64 reads and writes at any address; what a packed class holds may be referred to like everything else. */
#pragma GCC diagnostic ignored "-Waddress-of-packed-member"
/* What gcc takes for a slip of the pen means in TypeScript what it says. */
#pragma GCC diagnostic ignored "-Waddress"
#pragma GCC diagnostic ignored "-Wtautological-compare"
#pragma GCC diagnostic ignored "-Winfinite-recursion"
/* overlay, peek and poke reach any address: the caller vouches for it. */
#pragma GCC diagnostic ignored "-Warray-bounds"
#pragma GCC diagnostic ignored "-Wstringop-overflow"
#pragma GCC diagnostic ignored "-Wstringop-overread"
/* A routine of the program may have the name of one that gcc knows. */
#pragma GCC diagnostic ignored "-Wbuiltin-declaration-mismatch"

typedef __UINT8_TYPE__ u8;
typedef __UINT16_TYPE__ u16;
typedef __UINT32_TYPE__ u32;
typedef __UINT64_TYPE__ u64;
typedef __INT8_TYPE__ i8;
typedef __INT16_TYPE__ i16;
typedef __INT32_TYPE__ i32;
typedef __INT64_TYPE__ i64;
typedef __SIZE_TYPE__ size_t;

#define bool _Bool
#define true 1
#define false 0
#define NULL ((void *)0)

#ifdef TESSERA_HOST
typedef struct _IO_FILE FILE;
extern FILE *stdout, *stderr;
int printf(const char *format, ...);
int fprintf(FILE *out, const char *format, ...);
int snprintf(char *buffer, size_t size, const char *format, ...);
size_t fwrite(const void *bytes, size_t size, size_t count, FILE *out);
int fflush(FILE *out);
void *memset(void *target, int value, size_t bytes);
void *memcpy(void *restrict target, const void *restrict source, size_t bytes);
void exit(int code) __attribute__((noreturn));
void abort(void) __attribute__((noreturn));
#endif

#define TS_INLINE static inline __attribute__((always_inline, unused))
#define TS_COLD static __attribute__((noinline, cold, unused))
#define TS_NORETURN __attribute__((noreturn))
#define TS_RARE __attribute__((noinline, cold))
#define TS_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/* Static UTF-8, not terminated. */
typedef struct String {
  const u8 *bytes;
  u32 length;
} String;

#define TS_TEXT(text) ((String){(const u8 *)(text), sizeof(text) - 1})

struct Slice_u8 {
  u8 *items;
  u32 length;
};

/* The class MessagePart of kernel.d.ts; `kind` is one of these. */
enum { TS_PART_TEXT, TS_PART_UNSIGNED, TS_PART_SIGNED, TS_PART_HEX, TS_PART_BOOL, TS_PART_CHAR };

struct MessagePart {
  u32 kind;
  u32 width;
  bool alignRight;
  String text;
  u64 value;
};

struct Slice_MessagePart {
  struct MessagePart *items;
  u32 length;
};

typedef struct Slice_MessagePart Message;

/* A message of constant text: nothing is built at run time. */
#define TS_TEXT_MESSAGE(string)                                                                       \
  ({                                                                                                  \
    static const struct MessagePart ts_part[1] = {{.text = {(const u8 *)(string), sizeof(string) - 1}}}; \
    (Message){(struct MessagePart *)ts_part, 1};                                                      \
  })

struct CpuidResult {
  u32 eax;
  u32 ebx;
  u32 ecx;
  u32 edx;
};

TS_COLD TS_NORETURN void ts_panic(Message message, String place);
static void ts_log(u32 level, String subsystem, Message message) __attribute__((unused));

/* ------------------------------------------------------------------------------------------------------------------ */
/* Strings. */

TS_INLINE u32 ts_byteLength(String text) { return text.length; }

TS_INLINE struct Slice_u8 ts_bytesOf(String text) { return (struct Slice_u8){(u8 *)text.bytes, text.length}; }

TS_INLINE String ts_stringOver(struct Slice_u8 bytes) { return (String){bytes.items, bytes.length}; }

static inline __attribute__((unused)) bool ts_stringEqual(String left, String right) {
  if (left.length != right.length) return false;
  for (u32 i = 0; i < left.length; i++)
    if (left.bytes[i] != right.bytes[i]) return false;
  return true;
}

/* A place, or another C string that ends with a zero. */
TS_COLD String ts_place(const char *place) {
  u32 length = 0;
  while (place[length] != 0) length++;
  return (String){(const u8 *)place, length};
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* Checks. `place` is "path/file.ts:line". */

#define TS_PART(string) {.text = {(const u8 *)(string), sizeof(string) - 1}}
#define TS_NUMBER(number) {.kind = TS_PART_UNSIGNED, .value = (number)}

TS_COLD TS_NORETURN void ts_indexFailed(u32 index, u32 length, const char *place) {
  struct MessagePart parts[] = {TS_PART("index "), TS_NUMBER(index), TS_PART(" out of range for length "),
                                TS_NUMBER(length)};
  ts_panic((Message){parts, 4}, ts_place(place));
}

TS_COLD TS_NORETURN void ts_rangeFailed(u32 start, u32 end, u32 length, const char *place) {
  struct MessagePart parts[] = {TS_PART("range "), TS_NUMBER(start), TS_PART(" to "), TS_NUMBER(end),
                                TS_PART(" out of range for length "), TS_NUMBER(length)};
  ts_panic((Message){parts, 6}, ts_place(place));
}

TS_COLD TS_NORETURN void ts_divisionFailed(const char *place) {
  ts_panic(TS_TEXT_MESSAGE("division by zero"), ts_place(place));
}

/* The operands are not told: they would have to be kept for it. */
TS_COLD TS_NORETURN void ts_overflowed(String operation, String type, const char *place) {
  struct MessagePart parts[] = {TS_PART("the result of "), {.text = operation}, TS_PART(" does not fit "),
                                {.text = type}};
  ts_panic((Message){parts, 4}, ts_place(place));
}

TS_COLD TS_NORETURN void ts_unsignedDoesNotFit(u64 value, String type, const char *place) {
  struct MessagePart parts[] = {TS_NUMBER(value), TS_PART(" does not fit "), {.text = type}};
  ts_panic((Message){parts, 3}, ts_place(place));
}

TS_COLD TS_NORETURN void ts_signedDoesNotFit(i64 value, String type, const char *place) {
  struct MessagePart parts[] = {{.kind = TS_PART_SIGNED, .value = (u64)value}, TS_PART(" does not fit "), {.text = type}};
  ts_panic((Message){parts, 3}, ts_place(place));
}

/* The index, when it is below the length. */
TS_INLINE u32 ts_at(u32 index, u32 length, const char *place) {
  if (TS_UNLIKELY(index >= length)) ts_indexFailed(index, length, place);
  return index;
}

TS_INLINE void ts_range(u32 start, u32 end, u32 length, const char *place) {
  if (TS_UNLIKELY(start > end || end > length)) ts_rangeFailed(start, end, length, place);
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* Operators whose result C leaves undefined for some operands. Division truncates; MIN / -1 is MIN, MIN % -1 is 0. A
 * shift by the width or more gives 0, or copies of the sign for a signed shift to the right. */

#define TS_UNSIGNED_OPERATORS(T, bits)                                                            \
  TS_INLINE T ts_div_##T(T left, T right, const char *place) {                                    \
    if (TS_UNLIKELY(right == 0)) ts_divisionFailed(place);                                        \
    return (T)(left / right);                                                                     \
  }                                                                                               \
  TS_INLINE T ts_rem_##T(T left, T right, const char *place) {                                    \
    if (TS_UNLIKELY(right == 0)) ts_divisionFailed(place);                                        \
    return (T)(left % right);                                                                     \
  }                                                                                               \
  TS_INLINE T ts_shl_##T(T value, u64 count) { return count < bits ? (T)((u64)value << count) : (T)0; } \
  TS_INLINE T ts_shr_##T(T value, u64 count) { return count < bits ? (T)(value >> count) : (T)0; }

#define TS_SIGNED_OPERATORS(T, U, bits)                                                           \
  TS_INLINE T ts_div_##T(T left, T right, const char *place) {                                    \
    if (TS_UNLIKELY(right == 0)) ts_divisionFailed(place);                                        \
    return right == -1 ? (T)(U)(0 - (U)left) : (T)(left / right);                                 \
  }                                                                                               \
  TS_INLINE T ts_rem_##T(T left, T right, const char *place) {                                    \
    if (TS_UNLIKELY(right == 0)) ts_divisionFailed(place);                                        \
    return right == -1 ? (T)0 : (T)(left % right);                                                \
  }                                                                                               \
  TS_INLINE T ts_shl_##T(T value, u64 count) { return count < bits ? (T)(U)((u64)value << count) : (T)0; } \
  TS_INLINE T ts_shr_##T(T value, u64 count) { return (T)(value >> (count < bits ? count : bits - 1)); }

/* Results that must fit: `place` is where it panics when they do not. The call for that has no other argument, or
 * gcc would take each check for so much code that it inlines the functions around it no more. */
#define TS_CHECKED_OPERATOR(T, name, symbol)                                                              \
  TS_COLD TS_NORETURN void ts_##name##Overflowed_##T(const char *place) {                                 \
    ts_overflowed(TS_TEXT(symbol), TS_TEXT(#T), place);                                                   \
  }                                                                                                       \
  TS_INLINE T ts_##name##_##T(T left, T right, const char *place) {                                       \
    T result;                                                                                             \
    if (TS_UNLIKELY(__builtin_##name##_overflow(left, right, &result))) ts_##name##Overflowed_##T(place); \
    return result;                                                                                        \
  }

#define TS_CHECKED_OPERATORS(T)                                                                           \
  TS_CHECKED_OPERATOR(T, add, "+")                                                                        \
  TS_CHECKED_OPERATOR(T, sub, "-")                                                                        \
  TS_CHECKED_OPERATOR(T, mul, "*")                                                                        \
  TS_INLINE T ts_neg_##T(T value, const char *place) { return ts_sub_##T(0, value, place); }              \
  TS_COLD TS_NORETURN void ts_unsignedDoesNotFit_##T(u64 value, const char *place) {                      \
    ts_unsignedDoesNotFit(value, TS_TEXT(#T), place);                                                     \
  }                                                                                                       \
  TS_INLINE T ts_fitUnsigned_##T(u64 value, const char *place) {                                          \
    T result;                                                                                             \
    if (TS_UNLIKELY(__builtin_add_overflow(value, 0u, &result))) ts_unsignedDoesNotFit_##T(value, place); \
    return result;                                                                                        \
  }                                                                                                       \
  TS_COLD TS_NORETURN void ts_signedDoesNotFit_##T(i64 value, const char *place) {                        \
    ts_signedDoesNotFit(value, TS_TEXT(#T), place);                                                       \
  }                                                                                                       \
  TS_INLINE T ts_fitSigned_##T(i64 value, const char *place) {                                            \
    T result;                                                                                             \
    if (TS_UNLIKELY(__builtin_add_overflow(value, 0, &result))) ts_signedDoesNotFit_##T(value, place);    \
    return result;                                                                                        \
  }

/* The same for what stands in memory, in place. A result that does not fit is taken back before the panic. For a
 * decrement the sign is looked at first, which the instruction tells by itself, and only then all of the value, read
 * again; the empty line of assembly keeps gcc from making one comparison of the two. */
#define TS_UPDATES(T, S)                                                                                  \
  TS_INLINE void ts_increment_##T(T *at, const char *place) {                                             \
    if (TS_UNLIKELY(++*at == 0)) {                                                                        \
      --*at;                                                                                              \
      ts_addOverflowed_##T(place);                                                                        \
    }                                                                                                     \
  }                                                                                                       \
  TS_INLINE void ts_decrement_##T(T *at, const char *place) {                                             \
    if (TS_UNLIKELY((S)--*at < 0)) {                                                                      \
      __asm__ volatile("" : "+m"(*at));                                                                   \
      if (*at == (T)-1) {                                                                                 \
        *at = 0;                                                                                          \
        ts_subOverflowed_##T(place);                                                                      \
      }                                                                                                   \
    }                                                                                                     \
  }                                                                                                       \
  TS_INLINE void ts_increase_##T(T *at, T by, const char *place) {                                        \
    if (TS_UNLIKELY(__builtin_add_overflow(*at, by, at))) {                                               \
      __asm__ volatile("" : "+m"(*at));                                                                   \
      *at -= by;                                                                                          \
      ts_addOverflowed_##T(place);                                                                        \
    }                                                                                                     \
  }

TS_CHECKED_OPERATORS(u8)
TS_CHECKED_OPERATORS(u16)
TS_CHECKED_OPERATORS(u32)
TS_CHECKED_OPERATORS(u64)
TS_CHECKED_OPERATORS(i8)
TS_CHECKED_OPERATORS(i16)
TS_CHECKED_OPERATORS(i32)
TS_CHECKED_OPERATORS(i64)

TS_UPDATES(u8, i8)
TS_UPDATES(u16, i16)
TS_UPDATES(u32, i32)
TS_UPDATES(u64, i64)

TS_UNSIGNED_OPERATORS(u8, 8)
TS_UNSIGNED_OPERATORS(u16, 16)
TS_UNSIGNED_OPERATORS(u32, 32)
TS_UNSIGNED_OPERATORS(u64, 64)
TS_SIGNED_OPERATORS(i8, u8, 8)
TS_SIGNED_OPERATORS(i16, u16, 16)
TS_SIGNED_OPERATORS(i32, u32, 32)
TS_SIGNED_OPERATORS(i64, u64, 64)

TS_INLINE u32 ts_trailingZeros(u64 value) { return value == 0 ? 64u : (u32)__builtin_ctzl(value); }
TS_INLINE u32 ts_leadingZeros(u64 value) { return value == 0 ? 64u : (u32)__builtin_clzl(value); }

TS_INLINE u32 ts_popCount(u64 value) {
  value -= (value >> 1) & 0x5555555555555555ul;
  value = (value & 0x3333333333333333ul) + ((value >> 2) & 0x3333333333333333ul);
  value = (value + (value >> 4)) & 0x0f0f0f0f0f0f0f0ful;
  return (u32)((value * 0x0101010101010101ul) >> 56);
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* Raw memory. */

#define TS_PEEK(T, bits)                                                                     \
  TS_INLINE T ts_peek##bits(u64 address) { return *(volatile T *)address; }                  \
  TS_INLINE void ts_poke##bits(u64 address, T value) { *(volatile T *)address = value; }

TS_PEEK(u8, 8)
TS_PEEK(u32, 32)
TS_PEEK(u64, 64)

TS_INLINE u64 ts_rdtsc(void) {
  u32 low, high;
  __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
  return (u64)high << 32 | low;
}

TS_INLINE u64 ts_framePointer(void) { return (u64)__builtin_frame_address(0); }
TS_INLINE void ts_pause(void) { __asm__ volatile("pause"); }

TS_INLINE void ts_cpuid(u32 leaf, u32 subleaf, struct CpuidResult *result) {
  __asm__ volatile("cpuid"
                   : "=a"(result->eax), "=b"(result->ebx), "=c"(result->ecx), "=d"(result->edx)
                   : "a"(leaf), "c"(subleaf));
}

#ifndef TESSERA_HOST
/* ------------------------------------------------------------------------------------------------------------------ */
/* The machine (Intel SDM Vol. 2). */

#define TS_PORT(T, bits, suffix)                                                        \
  TS_INLINE T ts_in##bits(u16 port) {                                                   \
    T value;                                                                            \
    __asm__ volatile("in" suffix " %1, %0" : "=a"(value) : "Nd"(port) : "memory");      \
    return value;                                                                       \
  }                                                                                     \
  TS_INLINE void ts_out##bits(u16 port, T value) {                                      \
    __asm__ volatile("out" suffix " %0, %1" : : "a"(value), "Nd"(port) : "memory");     \
  }

TS_PORT(u8, 8, "b")
TS_PORT(u16, 16, "w")
TS_PORT(u32, 32, "l")

#define TS_READ_CONTROL(name, register)                                      \
  TS_INLINE u64 ts_read##name(void) {                                        \
    u64 value;                                                               \
    __asm__ volatile("mov %%" register ", %0" : "=r"(value) : : "memory");   \
    return value;                                                            \
  }
#define TS_WRITE_CONTROL(name, register) \
  TS_INLINE void ts_write##name(u64 value) { __asm__ volatile("mov %0, %%" register : : "r"(value) : "memory"); }

TS_READ_CONTROL(Cr0, "cr0")
TS_WRITE_CONTROL(Cr0, "cr0")
TS_READ_CONTROL(Cr2, "cr2")
TS_READ_CONTROL(Cr3, "cr3")
TS_WRITE_CONTROL(Cr3, "cr3")
TS_READ_CONTROL(Cr4, "cr4")
TS_WRITE_CONTROL(Cr4, "cr4")

TS_INLINE u64 ts_readMsr(u32 number) {
  u32 low, high;
  __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(number) : "memory");
  return (u64)high << 32 | low;
}

TS_INLINE void ts_writeMsr(u32 number, u64 value) {
  __asm__ volatile("wrmsr" : : "c"(number), "a"((u32)value), "d"((u32)(value >> 32)) : "memory");
}

TS_INLINE u64 ts_readRflags(void) {
  u64 value;
  __asm__ volatile("pushfq\n\tpopq %0" : "=r"(value) : : "memory");
  return value;
}

TS_INLINE void ts_invlpg(u64 address) { __asm__ volatile("invlpg (%0)" : : "r"(address) : "memory"); }

/* The operand of INVPCID: "INVPCID Descriptor". */
struct ts_ContextDescriptor {
  u64 context;
  u64 address;
};

TS_INLINE void ts_invpcid(u64 kind, u64 context, u64 address) {
  struct ts_ContextDescriptor descriptor = {context, address};
  __asm__ volatile("invpcid %0, %1" : : "m"(descriptor), "r"(kind) : "memory");
}

/* The operand of lgdt and lidt: "Pseudo-Descriptor Formats". */
struct ts_Descriptor {
  u16 limit;
  u64 base;
} __attribute__((packed));

TS_INLINE void ts_lgdt(u64 base, u16 limit) {
  struct ts_Descriptor descriptor = {limit, base};
  __asm__ volatile("lgdt %0" : : "m"(descriptor) : "memory");
}

TS_INLINE void ts_lidt(u64 base, u16 limit) {
  struct ts_Descriptor descriptor = {limit, base};
  __asm__ volatile("lidt %0" : : "m"(descriptor) : "memory");
}

TS_INLINE void ts_ltr(u16 selector) { __asm__ volatile("ltr %0" : : "r"(selector) : "memory"); }

TS_INLINE void ts_loadSegments(u16 code, u16 data) {
  u64 scratch;
  __asm__ volatile(
      "pushq %1\n\t"
      "leaq 1f(%%rip), %0\n\t"
      "pushq %0\n\t"
      "lretq\n"
      "1:\n\t"
      "movw %w2, %%ds\n\t"
      "movw %w2, %%es\n\t"
      "movw %w2, %%ss\n\t"
      "xorl %k0, %k0\n\t"
      "movw %w0, %%fs\n\t"
      "movw %w0, %%gs"
      : "=&r"(scratch)
      : "r"((u64)code), "r"(data)
      : "memory", "cc");
}

#define TS_INSTRUCTION(name, text) \
  TS_INLINE void ts_##name(void) { __asm__ volatile(text : : : "memory"); }

TS_INSTRUCTION(hlt, "hlt")
TS_INSTRUCTION(cli, "cli")
TS_INSTRUCTION(sti, "sti")
TS_INSTRUCTION(int3, "int3")
TS_INSTRUCTION(mfence, "mfence")
TS_INSTRUCTION(lfence, "lfence")
TS_INSTRUCTION(sfence, "sfence")

TS_INLINE void ts_stac(void) { __asm__ volatile("stac" : : : "memory", "cc"); }
TS_INLINE void ts_clac(void) { __asm__ volatile("clac" : : : "memory", "cc"); }

TS_INLINE void ts_zeroMemory(u64 address, u64 bytes) {
  u64 words = bytes >> 3;
  u64 rest = bytes & 7;
  __asm__ volatile("rep stosq" : "+D"(address), "+c"(words) : "a"(0ul) : "memory");
  __asm__ volatile("rep stosb" : "+D"(address), "+c"(rest) : "a"(0ul) : "memory");
}

TS_INLINE void ts_fillMemory(u64 address, u8 value, u64 bytes) {
  u64 pattern = value * 0x0101010101010101ul;
  u64 words = bytes >> 3;
  u64 rest = bytes & 7;
  __asm__ volatile("rep stosq" : "+D"(address), "+c"(words) : "a"(pattern) : "memory");
  __asm__ volatile("rep stosb" : "+D"(address), "+c"(rest) : "a"(pattern) : "memory");
}

TS_INLINE void ts_copyMemory(u64 target, u64 source, u64 bytes) {
  u64 words = bytes >> 3;
  u64 rest = bytes & 7;
  __asm__ volatile("rep movsq" : "+D"(target), "+S"(source), "+c"(words) : : "memory");
  __asm__ volatile("rep movsb" : "+D"(target), "+S"(source), "+c"(rest) : : "memory");
}

/* What gcc calls by itself, even when freestanding. One C file of a program defines it: the main one. */

#ifdef TESSERA_UNIT
void *memset(void *target, int value, size_t bytes);
void *memcpy(void *restrict target, const void *restrict source, size_t bytes);
void *memmove(void *target, const void *source, size_t bytes);
int memcmp(const void *left, const void *right, size_t bytes);
#else
__attribute__((used)) void *memset(void *target, int value, size_t bytes) {
  ts_fillMemory((u64)target, (u8)value, bytes);
  return target;
}

__attribute__((used)) void *memcpy(void *restrict target, const void *restrict source, size_t bytes) {
  ts_copyMemory((u64)target, (u64)source, bytes);
  return target;
}

__attribute__((used)) void *memmove(void *target, const void *source, size_t bytes) {
  if ((u64)target - (u64)source >= bytes) return memcpy(target, source, bytes);
  u64 to = (u64)target + bytes - 1;
  u64 from = (u64)source + bytes - 1;
  __asm__ volatile("std\n\trep movsb\n\tcld" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory", "cc");
  return target;
}

__attribute__((used, optimize("no-tree-loop-distribute-patterns"))) int memcmp(const void *left, const void *right,
                                                                               size_t bytes) {
  const u8 *a = left, *b = right;
  for (size_t i = 0; i < bytes; i++)
    if (a[i] != b[i]) return a[i] - b[i];
  return 0;
}
#endif

/* Programs that bind nothing: silence, and a full stop. */

TS_COLD TS_NORETURN void ts_unboundPanic(Message message, String place) {
  (void)message;
  (void)place;
  for (;;) __asm__ volatile("cli\n\thlt");
}

TS_COLD void ts_unboundLog(u32 level, String subsystem, Message message) {
  (void)level;
  (void)subsystem;
  (void)message;
}

#else
/* ------------------------------------------------------------------------------------------------------------------ */
/* The host: privileged registers are variables, instructions that only a kernel can execute end the program. */

TS_COLD TS_NORETURN void ts_hostCannot(const char *what) {
  fflush(stdout);
  fprintf(stderr, "%s: not possible on the host\n", what);
  abort();
}

#define TS_PORT(T, bits)                                                   \
  TS_COLD T ts_in##bits(u16 port) {                                        \
    (void)port;                                                            \
    ts_hostCannot("in" #bits);                                             \
  }                                                                        \
  TS_COLD void ts_out##bits(u16 port, T value) {                           \
    (void)port;                                                            \
    (void)value;                                                           \
    ts_hostCannot("out" #bits);                                            \
  }

TS_PORT(u8, 8)
TS_PORT(u16, 16)
TS_PORT(u32, 32)

#define TS_REGISTER(name, initial)                                     \
  static u64 ts_host##name = initial;                                  \
  TS_INLINE u64 ts_read##name(void) { return ts_host##name; }          \
  TS_INLINE void ts_write##name(u64 value) { ts_host##name = value; }

TS_REGISTER(Cr0, 0)
TS_REGISTER(Cr2, 0)
TS_REGISTER(Cr3, 0)
TS_REGISTER(Cr4, 0)
TS_REGISTER(Rflags, 2)

/* A few MSRs at once: the last 16 that were written. */
static struct {
  u32 number;
  u64 value;
} ts_hostMsrs[16] __attribute__((unused));
static u32 ts_hostMsrCount __attribute__((unused));

TS_COLD u64 ts_readMsr(u32 number) {
  for (u32 i = ts_hostMsrCount; i > 0 && i + 16 > ts_hostMsrCount; i--)
    if (ts_hostMsrs[(i - 1) % 16].number == number) return ts_hostMsrs[(i - 1) % 16].value;
  return 0;
}

TS_COLD void ts_writeMsr(u32 number, u64 value) {
  ts_hostMsrs[ts_hostMsrCount % 16].number = number;
  ts_hostMsrs[ts_hostMsrCount % 16].value = value;
  ts_hostMsrCount++;
}

TS_INLINE void ts_invlpg(u64 address) { (void)address; }

TS_INLINE void ts_invpcid(u64 kind, u64 context, u64 address) {
  (void)kind;
  (void)context;
  (void)address;
}

TS_INLINE void ts_lgdt(u64 base, u16 limit) {
  (void)base;
  (void)limit;
}

TS_INLINE void ts_lidt(u64 base, u16 limit) {
  (void)base;
  (void)limit;
}

TS_INLINE void ts_ltr(u16 selector) { (void)selector; }

TS_INLINE void ts_loadSegments(u16 code, u16 data) {
  (void)code;
  (void)data;
}

#define TS_INSTRUCTION(name) \
  TS_INLINE void ts_##name(void) {}

TS_INSTRUCTION(cli)
TS_INSTRUCTION(sti)
TS_INSTRUCTION(mfence)
TS_INSTRUCTION(lfence)
TS_INSTRUCTION(sfence)
TS_INSTRUCTION(stac)
TS_INSTRUCTION(clac)

TS_COLD TS_NORETURN void ts_hlt(void) { ts_hostCannot("hlt"); }
TS_COLD TS_NORETURN void ts_int3(void) { ts_hostCannot("int3"); }

TS_INLINE void ts_zeroMemory(u64 address, u64 bytes) { memset((void *)address, 0, bytes); }
TS_INLINE void ts_fillMemory(u64 address, u8 value, u64 bytes) { memset((void *)address, value, bytes); }
TS_INLINE void ts_copyMemory(u64 target, u64 source, u64 bytes) { memcpy((void *)target, (void *)source, bytes); }

/* ------------------------------------------------------------------------------------------------------------------ */
/* Messages in the terminal. */

TS_COLD u32 ts_formatPart(const struct MessagePart *part, char *buffer, u32 size) {
  int digits = (int)part->width;
  switch (part->kind) {
    case TS_PART_UNSIGNED:
      return (u32)snprintf(buffer, size, "%lu", part->value);
    case TS_PART_SIGNED:
      return (u32)snprintf(buffer, size, "%ld", (i64)part->value);
    case TS_PART_HEX:
      return (u32)snprintf(buffer, size, "0x%0*lx", digits, part->value);
    case TS_PART_BOOL:
      return (u32)snprintf(buffer, size, "%s", part->value ? "true" : "false");
    case TS_PART_CHAR:
      buffer[0] = (char)part->value;
      return 1;
    default:
      return 0;
  }
}

TS_COLD void ts_printPart(FILE *out, const struct MessagePart *part) {
  char buffer[320];
  u32 length = ts_formatPart(part, buffer, sizeof buffer);
  const char *bytes = buffer;
  if (part->kind == TS_PART_TEXT) {
    bytes = (const char *)part->text.bytes;
    length = part->text.length;
  }
  u32 columns = part->kind == TS_PART_HEX ? 0 : part->width;
  u32 padding = columns > length ? columns - length : 0;
  if (part->alignRight) fprintf(out, "%*s", (int)padding, "");
  if (length > 0) fwrite(bytes, 1, length, out);
  if (!part->alignRight) fprintf(out, "%*s", (int)padding, "");
}

TS_COLD void ts_printMessage(FILE *out, Message message) {
  for (u32 i = 0; i < message.length; i++) ts_printPart(out, &message.items[i]);
}

TS_COLD TS_NORETURN void ts_unboundPanic(Message message, String place) {
  fflush(stdout);
  fprintf(stderr, "panic: ");
  ts_printMessage(stderr, message);
  fprintf(stderr, " at %.*s\n", (int)place.length, (const char *)place.bytes);
  exit(3);
}

TS_COLD void ts_unboundLog(u32 level, String subsystem, Message message) {
  (void)subsystem;
  if (level == 2) printf("warn: ");
  if (level == 3) printf("error: ");
  ts_printMessage(stdout, message);
  printf("\n");
}
#endif

#endif
