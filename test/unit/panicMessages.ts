/** How each program of programs/panics/ ends: what its panic says, or starts with. */
export const PANIC_MESSAGES: readonly (readonly [program: string, message: string])[] = [
  ["emptyMap", "the memory map has no usable memory"],
  ["nothingUsable", "the memory map has no usable memory"],
  ["noRoomForBitmap", "no usable memory has room for the 8 frames of the frame bitmap"],
  ["doubleFree", "double free: the frame at 0x0000000000001000 is free already"],
  ["neverAllocated", "double free: the frame at 0x00000000002bc000 is free already"],
  ["foreignFrame", "free of the frame at 0x0000000000100000, which the frame allocator does not manage"],
  ["frameBeyond", "free of the frame at 0x00040000002bc000, which the frame allocator does not manage"],
  ["unalignedAddress", "free of 0x0000000000001001, which is not the start of a frame"],
  ["runWithFreeFrame", "double free: the frame at 0x00000000001d6000 is free already"],
  [
    "runBeyondMemory",
    "free of 100 frames from 0x00000000003e8000 on, which go beyond what the frame allocator manages",
  ],
  ["runWithoutEnd", "free of 18446744073709551615 frames from 0x0000000000001000 on, which go beyond"],
  ["emptyRun", "a run has at least one frame"],
  ["joinsTwice", "memory joins the pool only once"],
];
