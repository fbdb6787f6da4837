/*
 * A program as others write them: C with musl's library, whose start code, allocator, streams and ways to start
 * processes it uses. It says a line for each thing that works.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { FUTEX_WAIT, FUTEX_WAKE };

static int check(const char *what, int holds) {
  printf("%s: %s\n", what, holds ? "yes" : "NO");
  return holds;
}

static void allocate(void) {
  char *blocks[200];
  int good = 1;
  for (int i = 0; i < 200; i++) {
    size_t bytes = 10 + (size_t)i * 997;
    blocks[i] = malloc(bytes);
    if (blocks[i] == NULL) exit(1);
    memset(blocks[i], i, bytes);
  }
  for (int i = 0; i < 200; i += 2) free(blocks[i]);
  for (int i = 1; i < 200; i += 2) good &= blocks[i][9] == (char)i && blocks[i][(size_t)i * 997] == (char)i;
  check("what malloc gave keeps what was written", good);
  char *large = realloc(blocks[1], 8 << 20);
  check("realloc to 8 MiB takes it along", large != NULL && large[9] == 1);
}

static void forkAndWait(void) {
  int before = 1, status = 0;
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    before = 2;
    printf("the child of %d is %s\n", (int)getppid(), getpid() == gettid() ? "a process" : "something else");
    exit(before + 40);
  }
  struct rusage usage;
  pid_t ended = wait4(child, &status, 0, &usage);
  check("fork and wait4", ended == child && WIFEXITED(status) && WEXITSTATUS(status) == 42 && before == 1);
  check("the child used time", usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec > 0);
}

static void vforkAndWait(void) {
  static volatile int shared;
  int status = 0;
  pid_t child = vfork();
  if (child == 0) {
    shared = 7;
    _exit(3);
  }
  check("the child of vfork has its parent's memory", shared == 7);
  check("vfork and waitpid", waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 3);
}

static int runChild(void *name) {
  char *arguments[] = {name, "child", NULL};
  execve(name, arguments, environ);
  _exit(1);
}

/* As posix_spawn does it: the child has its parent's memory, and a stack of its own, until it starts a program. */
static void cloneAndWait(char *name) {
  static char stack[16384];
  int status = 0;
  fflush(stdout);
  pid_t child = clone(runChild, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, name);
  check("clone with a stack, and a program", waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 5);
}

static void spawn(char *name) {
  char *arguments[] = {name, "child", NULL};
  int status = 0;
  pid_t child;
  fflush(stdout);
  check("posix_spawn", posix_spawn(&child, name, NULL, NULL, arguments, environ) == 0);
  check("and its end", waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 5);
  check("posix_spawn of nothing", posix_spawn(&child, "/none", NULL, NULL, arguments, environ) == ENOENT);
}

static int *sharedWord(void) {
  return mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

/* A process that has lent its memory by vfork is killed: the memory stays as long as the other one uses it. */
static void killLender(void) {
  int *word = sharedWord();
  struct timespec shortTime = {0, 20000000};
  int status = 0;
  fflush(stdout);
  pid_t lender = fork();
  if (lender == 0) {
    if (vfork() == 0) {
      char *memory = malloc(1 << 20);
      kill(getppid(), SIGKILL);
      nanosleep(&shortTime, NULL);
      memset(memory, 1, 1 << 20);
      *word = 1;
      _exit(0);
    }
    _exit(1);
  }
  check("a lender that is killed ends", waitpid(lender, &status, 0) == lender && WTERMSIG(status) == SIGKILL);
  while (*word == 0) nanosleep(&shortTime, NULL);
  check("who has its memory goes on", *word == 1);
}

static void waitForWord(void) {
  int *word = sharedWord();
  struct timespec shortTime = {0, 20000000};
  int status = 0;
  check("a futex with another value", syscall(SYS_futex, word, FUTEX_WAIT, 1, NULL) == -1 && errno == EAGAIN);
  check("a futex that nobody wakes", syscall(SYS_futex, word, FUTEX_WAIT, 0, &shortTime) == -1 && errno == ETIMEDOUT);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    while (*word == 0) syscall(SYS_futex, word, FUTEX_WAIT, 0, NULL);
    _exit(*word);
  }
  nanosleep(&shortTime, NULL);
  *word = 9;
  check("a futex that a child waits for", syscall(SYS_futex, word, FUTEX_WAKE, 1) == 1);
  check("the child has seen it", waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 9);
}

static void askAboutItself(void) {
  char name[16];
  struct rlimit limit;
  struct timespec step;
  struct timeval now;
  struct tms times_used;
  cpu_set_t processors;
  prctl(PR_SET_NAME, "a name of its own");
  check("its name", prctl(PR_GET_NAME, name) == 0 && strcmp(name, "a name of its o") == 0);
  check("its stack", getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur == 8 << 20);
  check("no other limit", setrlimit(RLIMIT_STACK, &limit) == -1 && errno == EPERM);
  check("its processor", sched_getaffinity(0, sizeof processors, &processors) == 0 && CPU_COUNT(&processors) == 1);
  check("the step of the clock", clock_getres(CLOCK_MONOTONIC, &step) == 0 && step.tv_nsec == 1000);
  check("the time of day", gettimeofday(&now, NULL) == 0 && now.tv_usec < 1000000);
  check("the time since the boot", times(&times_used) != (clock_t)-1);
  check("umask", umask(077) == 022 && umask(022) == 077);
  check("no threads", syscall(SYS_clone, CLONE_VM | CLONE_THREAD | CLONE_SIGHAND, 0, 0, 0, 0) == -1 && errno == EINVAL);
}

int main(int argc, char **argv) {
  if (argc > 1) return strcmp(argv[1], "child") == 0 ? 5 : 1;
  printf("hello from musl, %s; %d and %.3f\n", argv[0], 42, 1.5);
  allocate();
  forkAndWait();
  vforkAndWait();
  cloneAndWait(argv[0]);
  spawn(argv[0]);
  killLender();
  waitForWord();
  askAboutItself();
  return 0;
}
