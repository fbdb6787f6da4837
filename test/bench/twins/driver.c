/*
 * Runs the routines of routines.ts or of its twins, whichever it is linked with; they are in another object, so nothing
 * of them is inlined here. A line for each: name, operations in one run, check sum, nanoseconds of the fastest run.
 *
 *   driver once     two runs of each; an instruction counter takes the second
 *   driver          many runs of each, for the time
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#define ROUTINES(X)                                                                                              \
  X(frame_pair, 10000) X(frame_fill, 4096) X(frame_run, 1000) X(map_page, 510) X(translate, 510)                 \
  X(map_range, 510) X(protect_range, 4096) X(memory_map, 64) X(bit_scans, 1024) X(bit_counts, 1024)             \
  X(decimal, 256) X(hexadecimal, 256)

#define DECLARE(name, operations) uint64_t run_##name(void);
#define ENTRY(name, operations) {#name, run_##name, operations},

ROUTINES(DECLARE)
void prepare(void);

static const struct {
  const char *name;
  uint64_t (*run)(void);
  unsigned operations;
} routines[] = {ROUTINES(ENTRY)};

/* gcc makes calls of it from loops. The kernel's own (runtime.h) instead of libc's, which has vector registers. */
void *memset(void *target, int value, size_t bytes) {
  void *at = target;
  uint64_t pattern = (uint8_t)value * 0x0101010101010101ul;
  size_t words = bytes >> 3;
  size_t rest = bytes & 7;
  __asm__ volatile("rep stosq" : "+D"(at), "+c"(words) : "a"(pattern) : "memory");
  __asm__ volatile("rep stosb" : "+D"(at), "+c"(rest) : "a"(pattern) : "memory");
  return target;
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

int main(int count, char **words) {
  (void)words;
  int runs = count > 1 ? 2 : 200;
  prepare();
  for (unsigned i = 0; i < sizeof routines / sizeof *routines; i++) {
    uint64_t fastest = UINT64_MAX;
    uint64_t sum = 0;
    for (int run = 0; run < runs; run++) {
      uint64_t start = now();
      sum = routines[i].run();
      uint64_t time = now() - start;
      if (time < fastest) fastest = time;
    }
    printf("%s %u %lu %lu\n", routines[i].name, routines[i].operations, sum, fastest);
  }
  return 0;
}
