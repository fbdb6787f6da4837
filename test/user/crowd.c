/*
 * Takes all memory there is, until pages go to swap; then starts processes and programs, maps and moves pages, which all
 * need frames that are not there; and at the end finds what it wrote.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096L
#define MOST_PAGES (1L << 18)
#define STEP 256

static long *memory;
static long pages;
static char presence[MOST_PAGES];

static long *word(long page) { return memory + page * (PAGE / sizeof(long)); }

static void say(const char *what, int holds) {
  printf("%s: %s\n", what, holds ? "yes" : "NO");
  fflush(stdout);
}

static int someAreOut(void) {
  if (mincore(memory, pages * PAGE, (void *)presence) != 0) exit(1);
  return memchr(presence, 0, pages) != NULL;
}

static void fill(void) {
  memory = mmap(NULL, MOST_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  do {
    for (int i = 0; i < STEP; i++, pages++) *word(pages) = ~pages;
  } while (!someAreOut());
}

static int endOf(pid_t child) {
  int status;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(int argc, char **argv, char **environment) {
  if (argc > 1) return 5;
  char *arguments[] = {argv[0], "child", NULL};
  fill();
  say("memory is full", 1);
  for (int i = 0; i < 20; i++) {
    pid_t child = vfork();
    if (child == 0) {
      execve(argv[0], arguments, environment);
      _exit(1);
    }
    if (child < 0 || endOf(child) != 5) say("a program starts", 0);
  }
  say("programs start", 1);
  pid_t child = fork();
  if (child == 0) _exit(*word(0) == ~0L && *word(pages - 1) == ~(pages - 1) ? 6 : 1);
  say("a copy of all of it", child > 0 && endOf(child) == 6);
  for (long i = 0; i < pages; i++) *word(i) ^= 1;
  char *more = mmap(NULL, 512 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  say("populated pages", more != MAP_FAILED && mincore(more, 512 * PAGE, (void *)presence) == 0 &&
                             memchr(presence, 0, 512) == NULL);
  char *moved = mremap(more, 512 * PAGE, 1024 * PAGE, MREMAP_MAYMOVE);
  say("pages that move", moved != MAP_FAILED);
  long wrong = 0;
  for (long i = 0; i < pages; i++) wrong += *word(i) != (~i ^ 1);
  say("all that was written is there", wrong == 0);
  return 0;
}
