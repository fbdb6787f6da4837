"""Shows Tessera's values in gdb as TypeScript has them.

    C in DWARF                                 shown as
    String { bytes, length }                   "text"
    Message: Slice_MessagePart                 "text" with its values in place
    struct Slice_T { items, length }           Slice(length) = {...}
    struct Array_T_N { items }                 FixedArray(N) = {...}
    Optional_T, ts_type_T_or_null              null, or the value
    ts_type_T, a newtype over u64              0x0000000000001000
    ts_type_T, an enum                         MapResult.Mapped
    u64                                        0x1000
    u8 .. u32, i8 .. i64                       decimal, never characters

Beside the ELF lie *.names.json (C symbol to function, from the compiler) and *.enums.json (scripts/gdb/enums.ts).
Without them there are C names and numbers. `print/r` shows a value as C has it, `print/d` a number in decimal.

compiler/src/emit/c/types.ts and compiler/lang/runtime.h make these types.
"""

import json
import os
import re

import gdb
import gdb.printing
from gdb.FrameDecorator import FrameDecorator

ALIAS = "ts_type_"
OR_NULL = "_or_null"
MOST_ELEMENTS = 4096
TEXT, UNSIGNED, SIGNED, HEX, BOOL, CHAR = range(6)


def beside_elf(extension):
    """The content of a JSON file beside the program, or nothing."""
    program = gdb.current_progspace().filename or ""
    path = re.sub(r"\.elf$", extension, program)
    if path == program or not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        return json.load(file)


class Once:
    """A JSON file beside the program, read when it is needed first."""

    def __init__(self, extension):
        self.extension = extension
        self.content = None

    def get(self, key):
        if self.content is None:
            self.content = beside_elf(self.extension)
        return self.content.get(key)


ENUMS = Once(".enums.json")
NAMES = Once(".names.json")


def text_of(string):
    """What a String holds; unreadable memory and absurd lengths are said, not raised."""
    length = int(string["length"])
    if length == 0:
        return ""
    if length > 1 << 20:
        return f"<{length} bytes>"
    try:
        memory = gdb.selected_inferior().read_memory(int(string["bytes"]), length)
        return bytes(memory).decode("utf-8", "replace")
    except gdb.MemoryError:
        return f"<unreadable, {length} bytes>"


def unsigned(value):
    return int(value) & ((1 << (8 * value.type.sizeof)) - 1)


def number(value, name):
    """A number as its type wants it."""
    if name == "u64":
        return f"{unsigned(value):#x}"
    return str(int(value))


def named(value, name):
    """A newtype or an enum."""
    members = ENUMS.get(name)
    if members is not None:
        member = members.get(str(unsigned(value)))
        return f"{name}.{member}" if member is not None else f"{name}({unsigned(value)})"
    return f"0x{unsigned(value):016x}" if value.type.sizeof == 8 else str(int(value))


def part_text(part):
    kind = int(part["kind"])
    value = unsigned(part["value"])
    if kind == TEXT:
        return text_of(part["text"])
    if kind == SIGNED and value >= 1 << 63:
        return str(value - (1 << 64))
    if kind == HEX:
        return f"0x{value:0{int(part['width'])}x}"
    if kind == BOOL:
        return "true" if value else "false"
    return chr(value) if kind == CHAR else str(value)


class Plain:
    """A value that is one word."""

    def __init__(self, text):
        self.text = text

    def to_string(self):
        return self.text


class Text:
    """A value that is text: gdb adds the quotes."""

    def __init__(self, text):
        self.text = text

    def to_string(self):
        return self.text

    def display_hint(self):
        return "string"


class Elements:
    """Something with elements: FixedArray and Slice."""

    def __init__(self, title, items, length):
        self.title = title
        self.items = items
        self.length = length

    def to_string(self):
        return f"{self.title}({self.length})"

    def children(self):
        for index in range(min(self.length, MOST_ELEMENTS)):
            yield f"[{index}]", self.items[index]

    def display_hint(self):
        return "array"


def optional(value, name):
    if not value["present"]:
        return Plain("null")
    inner = value["value"]
    if name is not None and name.startswith(ALIAS):
        return Plain(named(inner, name[len(ALIAS) : -len(OR_NULL)]))
    return printer_for(inner) or Plain(str(inner))


def message(value):
    count = min(int(value["length"]), MOST_ELEMENTS)
    return Text("".join(part_text(value["items"][index]) for index in range(count)))


def printer_for(value):
    """The printer of a value, by the name of its type; None: gdb's own will do."""
    name = value.type.unqualified().name or ""
    tag = value.type.strip_typedefs().unqualified().name or ""
    if tag == "String":
        return Text(text_of(value))
    if tag == "Slice_MessagePart":
        return message(value)
    if tag.startswith("Optional_"):
        return optional(value, name)
    if name.startswith(ALIAS):
        return Plain(named(value, name[len(ALIAS) :]))
    if re.fullmatch(r"[ui](8|16|32|64)", name):
        return Plain(number(value, name))
    if tag.startswith("Slice_"):
        return Elements("Slice", value["items"], int(value["length"]))
    if re.fullmatch(r"Array_.*_\d+", tag):
        return Elements("FixedArray", value["items"], value["items"].type.range()[1] + 1)
    return None


class Lookup(gdb.printing.PrettyPrinter):
    def __init__(self):
        super().__init__("tessera")

    def __call__(self, value):
        try:
            return None if value.is_optimized_out else printer_for(value)
        except gdb.error as error:
            return Plain(f"<{error}>")


class SourceTypes:
    """`ptype` without the prefix of C's aliases."""

    name = "tessera"
    enabled = True

    def instantiate(self):
        return self

    def recognize(self, kind):
        name = kind.name or ""
        return name[len(ALIAS) :].replace(OR_NULL, " | null") if name.startswith(ALIAS) else None


class SourceFrame(FrameDecorator):
    """A frame under the function's name in the source."""

    def function(self):
        symbol = super().function()
        source = NAMES.get(symbol.split(".")[0]) if isinstance(symbol, str) else None
        return symbol if source is None else source["name"]


def is_source(frame):
    """Whether it stands in the source; not in the generated C, and not below the first function."""
    place = frame.find_sal().symtab
    return frame.name() is not None and (place is None or place.filename.endswith((".ts", ".asm")))


class SourceFrames:
    name = "tessera"
    priority = 100
    enabled = True

    def filter(self, frames):
        return (SourceFrame(frame) for frame in frames if is_source(frame.inferior_frame()))


gdb.printing.register_pretty_printer(None, Lookup(), replace=True)
gdb.type_printers.append(SourceTypes())
gdb.frame_filters["tessera"] = SourceFrames()
gdb.execute("set print pretty on")
gdb.execute("set print frame-arguments all")
gdb.execute("skip -gfile *compiler/lang/runtime.h")
