// Names of the source as C can have them.

/** Names that mean something else to C, to gcc's predefined macros, or to runtime.h. */
const RESERVED = new Set(
  (
    "auto break case char const continue default do double else enum extern float for goto if inline int long register " +
    "restrict return short signed sizeof static struct switch typedef union unsigned void volatile while asm typeof " +
    "bool true false NULL unix linux i386 errno stdin stdout stderr assert u8 u16 u32 u64 i8 i16 i32 i64 String Message " +
    "MessagePart CpuidResult main abort exit memcpy memset memmove memcmp"
  ).split(" "),
);

export function safeName(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_]/g, "_");
  return RESERVED.has(plain) || /^(ts_|_|Function_\d|(Array|Slice|Optional)_)/.test(plain) ? `${plain}_` : plain;
}
