/* System calls with arguments that make no sense, by children that may end of it. The kernel stays, and so does the
 * parent; what a child leaves behind, the boot counts. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CHILDREN = 120, CALLS = 2000, LAST_CALL = 450 };

static uint64_t state;

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

/* What must not happen by chance: the end of the machine, children without end, the end of the parent; and what ends a
 * child each time: to return from a handler that it is not in. */
static int isLeftOut(long number) {
  switch (number) {
    case SYS_reboot:
    case SYS_fork:
    case SYS_vfork:
    case SYS_clone:
    case SYS_kill:
    case SYS_tkill:
    case SYS_tgkill:
    case SYS_exit:
    case SYS_exit_group:
    case SYS_rt_sigreturn:
    case SYS_pause:
      return 1;
    default:
      return 0;
  }
}

static char page[8192] __attribute__((aligned(4096)));
static const char *const PATHS[] = {"/text", "/dev/null", "/dev/zero", "/proc/self/maps", "/folder", "/proc/self/walk/1000"};

static uint64_t argument(void) {
  static const uint64_t NUMBERS[] = {0, 1, 2, 3, 4, 5, 8, 16, 24, 64, 100, 255, 256, 1000, 4095, 4096, 4097, 0x5401, 0x5402,
                                     0x5413, 0x5414, 0x541b, 65536, 1 << 20, 0x7fffffff, 0x80000000, 0xffffffff,
                                     0x7fffffffffffffff, 0x8000000000000000};
  static const uint64_t ADDRESSES[] = {0xffffffff80200000, 0xffff800000000000, 0x00007ffffffff000, 0x00007fffffffeff8,
                                       0x0000800000000000, 0x10000, 0xfff, 0xffffffffffffffff, 0xfffffffffffff000};
  switch (next() % 8) {
    case 0: return next();
    case 1: return ADDRESSES[next() % (sizeof ADDRESSES / sizeof *ADDRESSES)] + next() % 3 - 1;
    case 2: return (uint64_t)(page + next() % sizeof page);
    case 3: return (uint64_t)PATHS[next() % (sizeof PATHS / sizeof *PATHS)];
    case 4: return next() % 10;
    case 5: return -(next() % 300);
    default: return NUMBERS[next() % (sizeof NUMBERS / sizeof *NUMBERS)];
  }
}

static void callAtRandom(uint64_t seed) {
  state = seed * 0x9e3779b97f4a7c15 + 1;
  for (int i = 0; i < 20; i++) next();
  close(0), close(1), close(2);
  open("/dev/tty", O_RDONLY), open("/dev/null", O_RDWR), dup(1);
  int ends[2];
  syscall(SYS_pipe2, ends, O_NONBLOCK);
  for (int i = 0; i < CALLS; i++) {
    for (size_t j = 0; j < 64; j++) page[next() % sizeof page] = (char)next();
    long number = (long)(next() % 3 == 0 ? next() % 40 : next() % LAST_CALL);
    if (isLeftOut(number)) continue;
    syscall(number, argument(), argument(), argument(), argument(), argument(), argument());
  }
  _exit(0);
}

/* A call may wait without end: who takes too long is ended. */
static int endOf(pid_t child) {
  int status;
  struct timespec time = {0, 10000000};
  for (int i = 0; i < 20; i++) {
    if (waitpid(child, &status, WNOHANG) == child) return 1;
    nanosleep(&time, NULL);
  }
  kill(child, SIGKILL);
  return waitpid(child, &status, 0) == child;
}

int main(void) {
  int ended = 0;
  for (uint64_t seed = 0; seed < CHILDREN; seed++) {
    pid_t child = fork();
    if (child == 0) callAtRandom(seed);
    ended += endOf(child);
  }
  printf("%d children ended\n", ended);
  return 0;
}
