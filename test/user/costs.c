/*
 * What programs ask for, and what it costs: one line `cost NAME TICKS COUNT` each, the ticks of the time-stamp counter
 * that COUNT operations took. The middle one of ROUNDS rounds, so that what the first of them brings along does not count.
 *
 * Measured calls enter the kernel by SYSCALL themselves: what a library does around them is not the kernel's.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  ROUNDS = 5,
  PAGE = 4096,
  PAGES = 4096,
  CALLS = 1000,
  TABLES = 64,
  CHILDREN = 20,
  COPIES = 1024,
  TABLE_SPAN = 512 * PAGE,
  ANONYMOUS = MAP_PRIVATE | MAP_ANONYMOUS,
  READ_WRITE = PROT_READ | PROT_WRITE,
};

static char *program;

static inline long call6(long number, long a, long b, long c, long d, long e, long f) {
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "+a"(number)
                   : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return number;
}

static inline long call(long number, long a, long b, long c) {
  __asm__ volatile("syscall" : "+a"(number) : "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return number;
}

/* The answer of a call that the figures need: without it there are none. */
static inline long must(long answer) {
  if (answer >= -4095 && answer < 0) {
    printf("a call is refused: %ld\n", -answer);
    exit(1);
  }
  return answer;
}

static inline char *map(long bytes, int flags) {
  return (char *)must(call6(SYS_mmap, 0, bytes, READ_WRITE, flags, -1, 0));
}

static inline void unmap(char *start, long bytes) { must(call(SYS_munmap, (long)start, bytes, 0)); }

static inline void protect(char *start, long bytes, int access) { must(call(SYS_mprotect, (long)start, bytes, access)); }

static inline void waitFor(long child) { must(call6(SYS_wait4, child, 0, 0, 0, 0, 0)); }

static inline void writePages(char *start, long pages, long step) {
  for (long i = 0; i < pages; i++) *(volatile char *)(start + i * step) = 1;
}

static inline void readPages(const char *start, long pages) {
  for (long i = 0; i < pages; i++) (void)*(const volatile char *)(start + i * PAGE);
}

/* ---- Measuring ----------------------------------------------------------------------------------------------------- */

static inline uint64_t now(void) {
  uint32_t low, high;
  __asm__ volatile("rdtsc" : "=a"(low), "=d"(high)::"memory");
  return (uint64_t)high << 32 | low;
}

typedef struct Samples {
  uint64_t ticks[ROUNDS];
} Samples;

/* Runs the statement as one sample of a round. */
#define SAMPLE(samples, round, statement) \
  do { \
    uint64_t start = now(); \
    statement; \
    (samples)->ticks[round] = now() - start; \
  } while (0)

static int inOrder(const void *left, const void *right) {
  uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
  return (a > b) - (a < b);
}

static void tell(const char *name, Samples *samples, long count) {
  qsort(samples->ticks, ROUNDS, sizeof samples->ticks[0], inOrder);
  printf("cost %s %lu %ld\n", name, (unsigned long)samples->ticks[ROUNDS / 2], count);
}

#define REPEAT(count, statement) \
  for (long repeated = 0; repeated < (count); repeated++) { \
    statement; \
  }

/* ---- Calls and memory ---------------------------------------------------------------------------------------------- */

static void enterKernel(void) {
  Samples null, unknown;
  for (int round = 0; round < ROUNDS; round++) {
    SAMPLE(&null, round, REPEAT(CALLS, call(SYS_getpid, 0, 0, 0)));
    SAMPLE(&unknown, round, REPEAT(CALLS, call(999, 0, 0, 0)));
  }
  tell("call-null", &null, CALLS);
  tell("call-unknown", &unknown, CALLS);
}

static void useRange(void) {
  const long bytes = (long)PAGES * PAGE;
  Samples mapping, writing, reading, writingLater, takingAway, givingBack, unmapping, populating;
  char *memory = NULL;
  for (int round = 0; round < ROUNDS; round++) {
    SAMPLE(&mapping, round, memory = map(bytes, ANONYMOUS));
    SAMPLE(&writing, round, writePages(memory, PAGES, PAGE));
    SAMPLE(&takingAway, round, protect(memory, bytes, PROT_READ));
    SAMPLE(&givingBack, round, protect(memory, bytes, READ_WRITE));
    SAMPLE(&unmapping, round, unmap(memory, bytes));
    memory = map(bytes, ANONYMOUS);
    SAMPLE(&reading, round, readPages(memory, PAGES));
    SAMPLE(&writingLater, round, writePages(memory, PAGES, PAGE));
    unmap(memory, bytes);
    SAMPLE(&populating, round, memory = map(bytes, ANONYMOUS | MAP_POPULATE));
    unmap(memory, bytes);
  }
  tell("call-mmap-16mib", &mapping, 1);
  tell("call-fault-write", &writing, PAGES);
  tell("call-fault-read", &reading, PAGES);
  tell("call-fault-write-after-read", &writingLater, PAGES);
  tell("call-populate-page", &populating, PAGES);
  tell("call-protect-read-page", &takingAway, PAGES);
  tell("call-protect-write-page", &givingBack, PAGES);
  tell("call-munmap-page", &unmapping, PAGES);
}

/* Pages so far apart that each needs a leaf table of its own. */
static void useTables(void) {
  const long bytes = (long)TABLES * TABLE_SPAN;
  Samples writing;
  for (int round = 0; round < ROUNDS; round++) {
    char *memory = map(bytes, ANONYMOUS);
    SAMPLE(&writing, round, writePages(memory, TABLES, TABLE_SPAN));
    unmap(memory, bytes);
  }
  tell("call-fault-new-table", &writing, TABLES);
}

static void usePages(void) {
  Samples mapping, splitting;
  for (int round = 0; round < ROUNDS; round++)
    SAMPLE(&mapping, round, REPEAT(CALLS, unmap(map(PAGE, ANONYMOUS), PAGE)));
  char *memory = map(16 * PAGE, ANONYMOUS);
  char *middle = memory + 7 * PAGE;
  writePages(memory, 16, PAGE);
  for (int round = 0; round < ROUNDS; round++)
    SAMPLE(&splitting, round,
           REPEAT(CALLS / 2, protect(middle, PAGE, PROT_READ); protect(middle, PAGE, READ_WRITE)));
  unmap(memory, 16 * PAGE);
  tell("call-mmap-munmap", &mapping, CALLS);
  tell("call-protect-split", &splitting, CALLS);
}

static void moveHeapEnd(void) {
  Samples growing;
  long start = (must(call(SYS_brk, 0, 0, 0)) + PAGE - 1) / PAGE * PAGE;
  for (int round = 0; round < ROUNDS; round++) {
    long end = start;
    SAMPLE(&growing, round, REPEAT(CALLS, end += PAGE; call(SYS_brk, end, 0, 0)));
    if (call(SYS_brk, 0, 0, 0) != end) printf("brk is refused\n");
    must(call(SYS_brk, start, 0, 0));
  }
  tell("call-brk", &growing, CALLS);
}

/* ---- Processes ----------------------------------------------------------------------------------------------------- */

static inline long forkChild(void) { return must(call(SYS_fork, 0, 0, 0)); }

__attribute__((noreturn)) static inline void end(void) {
  for (;;) call(SYS_exit_group, 0, 0, 0);
}

static inline void forkAndWait(void) {
  long child = forkChild();
  if (child == 0) end();
  waitFor(child);
}

static inline void startAndWait(void) {
  char *const arguments[] = {program, "nothing", NULL};
  char *const environment[] = {NULL};
  long child = forkChild();
  if (child == 0) {
    call(SYS_execve, (long)program, (long)arguments, (long)environment);
    end();
  }
  waitFor(child);
}

static void startProcesses(void) {
  const long bytes = (long)PAGES * PAGE;
  Samples forking, starting, forkingLarge;
  for (int round = 0; round < ROUNDS; round++) {
    SAMPLE(&forking, round, REPEAT(CHILDREN, forkAndWait()));
    SAMPLE(&starting, round, REPEAT(CHILDREN, startAndWait()));
  }
  char *memory = map(bytes, ANONYMOUS);
  writePages(memory, PAGES, PAGE);
  for (int round = 0; round < ROUNDS; round++) SAMPLE(&forkingLarge, round, forkAndWait());
  unmap(memory, bytes);
  tell("call-fork-exit-wait", &forking, CHILDREN);
  tell("call-fork-exec-exit-wait", &starting, CHILDREN);
  tell("call-fork-dirty-page", &forkingLarge, PAGES);
}

/* The parent writes while a child has the same pages, and again when it alone has them and does not know. */
static void copyOnWrite(void) {
  const long bytes = (long)COPIES * PAGE;
  Samples copying, reusing;
  char byte = 0;
  int gate[2];
  char *memory = map(bytes, ANONYMOUS);
  must(call(SYS_pipe, (long)gate, 0, 0));
  writePages(memory, COPIES, PAGE);
  for (int round = 0; round < ROUNDS; round++) {
    long child = forkChild();
    if (child == 0) {
      call(SYS_read, gate[0], (long)&byte, 1);
      end();
    }
    must(call(SYS_sched_yield, 0, 0, 0));
    SAMPLE(&copying, round, writePages(memory, COPIES, PAGE));
    must(call(SYS_write, gate[1], (long)&byte, 1));
    waitFor(child);
    forkAndWait();
    SAMPLE(&reusing, round, writePages(memory, COPIES, PAGE));
  }
  unmap(memory, bytes);
  close(gate[0]);
  close(gate[1]);
  tell("call-fault-copy", &copying, COPIES);
  tell("call-fault-last-owner", &reusing, COPIES);
}

static void takeTurns(void) {
  Samples yielding;
  long child = forkChild();
  if (child == 0)
    for (;;) call(SYS_sched_yield, 0, 0, 0);
  for (int round = 0; round < ROUNDS; round++)
    SAMPLE(&yielding, round, REPEAT(CALLS, must(call(SYS_sched_yield, 0, 0, 0))));
  must(call(SYS_kill, child, 9, 0));
  waitFor(child);
  tell("call-yield-pair", &yielding, CALLS);
}

static inline void send(int to, char *byte) { must(call(SYS_write, to, (long)byte, 1)); }

static inline long receive(int from, char *byte) { return must(call(SYS_read, from, (long)byte, 1)); }

static void sendBytes(void) {
  Samples alone, both;
  char byte = 0;
  int there[2], back[2];
  must(call(SYS_pipe, (long)there, 0, 0));
  must(call(SYS_pipe, (long)back, 0, 0));
  for (int round = 0; round < ROUNDS; round++)
    SAMPLE(&alone, round, REPEAT(CALLS, send(there[1], &byte); receive(there[0], &byte)));
  long child = forkChild();
  if (child == 0) {
    close(there[1]);
    while (receive(there[0], &byte) == 1) send(back[1], &byte);
    end();
  }
  for (int round = 0; round < ROUNDS; round++)
    SAMPLE(&both, round, REPEAT(CALLS, send(there[1], &byte); receive(back[0], &byte)));
  close(there[1]);
  waitFor(child);
  tell("call-pipe-alone", &alone, CALLS);
  tell("call-pipe-round-trip", &both, CALLS);
}

int main(int count, char **arguments) {
  if (count > 1) return 0;
  program = arguments[0];
  enterKernel();
  useRange();
  useTables();
  usePages();
  moveHeapEnd();
  startProcesses();
  copyOnWrite();
  takeTurns();
  sendBytes();
  printf("costs ends\n");
  return 0;
}
