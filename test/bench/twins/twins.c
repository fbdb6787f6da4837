/*
 * All twins as one unit, and `prepare`: the same frames, tables, ranges and words as in routines.ts.
 */
#include "twins.h"

#include "frames.c"
#include "memoryMap.c"
#include "numbers.c"
#include "pages.c"

#include <stdio.h>
#include <stdlib.h>

void prepare(void);

static void fail(const char *message) {
  fprintf(stderr, "panic: %s\n", message);
  exit(3);
}

void prepare(void) {
  frames_init();
  pages_init();
  memory_map_init();
  u64 state = 88172645463325252ul;
  for (int i = 0; i < WORDS; i++) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    words[i] = state >> (state & 63);
  }
}
