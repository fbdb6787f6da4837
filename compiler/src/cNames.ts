// Names of the source as C can have them. Two names never become one: each step below can be undone.

/** Names that mean something else to C, to gcc's predefined macros, or to runtime.h. */
const RESERVED = new Set(
  (
    "auto break case char const continue default do double else enum extern float for goto if inline int long register " +
    "restrict return short signed sizeof static struct switch typedef union unsigned void volatile while asm typeof " +
    "bool true false NULL unix linux i386 errno stdin stdout stderr assert u8 u16 u32 u64 i8 i16 i32 i64 String Message " +
    "MessagePart CpuidResult main abort exit memcpy memset memmove memcmp size_t FILE printf fprintf snprintf fwrite " +
    "fflush"
  ).split(" "),
);

/** Prefixes of runtime.h, of what only C implementations may use, and of the C printer's own types. */
const TAKEN = /^(ts_|TS_|TESSERA_|_|Function_\d)/;

/** `größe` as `gr_uf6__udf_e`: C has letters, digits and `_`. What looks like such an escape is escaped itself. */
export const asciiName = (name: string): string =>
  name.replace(/[^A-Za-z0-9_]|_(?=u[0-9a-f]+_)/gu, (character) => `_u${(character.codePointAt(0) ?? 0).toString(16)}_`);

/** Appends `_` to a name that C could take for another, and to one that would look as if that had been done. */
export function safeName(name: string): string {
  const plain = asciiName(name);
  return RESERVED.has(plain.replace(/_+$/, "")) || TAKEN.test(plain) ? `${plain}_` : plain;
}
