/*
 * Memory calls, as Linux answers them: a table of what each refuses and with which errno, and then what they do. Every
 * line ends with "yes" where the answer is the one that Linux gives.
 *
 *     BASE      | 8 pages, read and write | hole | 3 pages, read and write | 4 pages, read-only |
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096L
#define BASE 0x10000000L
#define HOLE (BASE + 8 * PAGE)
#define READ_ONLY (BASE + 12 * PAGE)
#define FREE 0x20000000L
#define KERNEL (-0x80000000L)
#define END_OF_USER 0x7ffffffff000L
#define ANY (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW (PROT_READ | PROT_WRITE)

/* Not in every version of the headers. */
enum { ADVISE_POPULATE_READ = 22, ADVISE_POPULATE_WRITE = 23, PLACE_WITHOUT_REPLACING = 0x100000 };

struct call {
  const char *what;
  long number;
  long arguments[6];
  int expected;
};

static char residency[64];

static const struct call calls[] = {
    {"mmap of nothing", SYS_mmap, {0, 0, RW, ANY, -1, 0}, EINVAL},
    {"mmap of more than there is", SYS_mmap, {0, END_OF_USER, RW, ANY, -1, 0}, ENOMEM},
    {"mmap of all bytes", SYS_mmap, {0, -1, RW, ANY, -1, 0}, ENOMEM},
    {"mmap neither private nor shared", SYS_mmap, {0, PAGE, RW, MAP_ANONYMOUS, -1, 0}, EINVAL},
    {"mmap validated, of no file", SYS_mmap, {0, PAGE, RW, MAP_ANONYMOUS | MAP_SHARED_VALIDATE, -1, 0}, EINVAL},
    {"mmap of a file that is not open", SYS_mmap, {0, PAGE, RW, MAP_PRIVATE, -1, 0}, EBADF},
    {"mmap from within a page", SYS_mmap, {0, PAGE, RW, ANY, -1, 1}, EINVAL},
    {"mmap fixed within a page", SYS_mmap, {FREE + 1, PAGE, RW, ANY | MAP_FIXED, -1, 0}, EINVAL},
    {"mmap fixed in the kernel", SYS_mmap, {KERNEL, PAGE, RW, ANY | MAP_FIXED, -1, 0}, ENOMEM},
    {"mmap fixed across the end", SYS_mmap, {END_OF_USER - PAGE, 2 * PAGE, RW, ANY | MAP_FIXED, -1, 0}, ENOMEM},
    {"mmap where something is", SYS_mmap, {BASE, PAGE, RW, ANY | PLACE_WITHOUT_REPLACING, -1, 0}, EEXIST},
    {"mmap with bits that mean nothing", SYS_mmap, {0, PAGE, RW | 0x100, ANY, -1, 0}, 0},
    {"mmap near a place that is taken", SYS_mmap, {BASE, PAGE, RW, ANY, -1, 0}, 0},
    {"mmap without a reserve", SYS_mmap, {0, 1L << 36, RW, ANY | MAP_NORESERVE, -1, 0}, 0},
    {"mmap to be filled, without access", SYS_mmap, {0, PAGE, PROT_NONE, ANY | MAP_POPULATE, -1, 0}, 0},

    {"munmap of nothing", SYS_munmap, {BASE, 0}, EINVAL},
    {"munmap within a page", SYS_munmap, {BASE + 1, PAGE}, EINVAL},
    {"munmap of the kernel", SYS_munmap, {KERNEL, PAGE}, EINVAL},
    {"munmap across the end", SYS_munmap, {END_OF_USER - PAGE, 2 * PAGE}, EINVAL},
    {"munmap of all bytes", SYS_munmap, {BASE, -1}, EINVAL},
    {"munmap where nothing is", SYS_munmap, {FREE, 16 * PAGE}, 0},
    {"munmap at 0", SYS_munmap, {0, PAGE}, 0},

    {"mprotect within a page", SYS_mprotect, {BASE + 1, PAGE, PROT_READ}, EINVAL},
    {"mprotect with unknown bits", SYS_mprotect, {BASE, PAGE, 0x100}, EINVAL},
    {"mprotect of nothing", SYS_mprotect, {FREE, 0, PROT_READ}, 0},
    {"mprotect where nothing is", SYS_mprotect, {FREE, PAGE, PROT_READ}, ENOMEM},
    {"mprotect across a hole", SYS_mprotect, {BASE, 9 * PAGE, RW}, ENOMEM},
    {"mprotect of the kernel", SYS_mprotect, {KERNEL, PAGE, PROT_READ}, ENOMEM},
    {"mprotect of all bytes", SYS_mprotect, {BASE, -PAGE, PROT_READ}, ENOMEM},
    {"mprotect", SYS_mprotect, {BASE, 8 * PAGE, RW}, 0},

    {"madvise within a page", SYS_madvise, {BASE + 1, PAGE, MADV_DONTNEED}, EINVAL},
    {"madvise of what nobody knows", SYS_madvise, {BASE, PAGE, 77}, EINVAL},
    {"madvise of all bytes", SYS_madvise, {BASE, -1, MADV_DONTNEED}, EINVAL},
    {"madvise across the end of all", SYS_madvise, {BASE, -PAGE, MADV_DONTNEED}, EINVAL},
    {"madvise of nothing", SYS_madvise, {FREE, 0, MADV_DONTNEED}, 0},
    {"madvise where nothing is", SYS_madvise, {FREE, PAGE, MADV_DONTNEED}, ENOMEM},
    {"madvise willneed where nothing is", SYS_madvise, {FREE, PAGE, MADV_WILLNEED}, ENOMEM},
    {"madvise normal", SYS_madvise, {BASE, PAGE, MADV_NORMAL}, 0},
    {"madvise willneed", SYS_madvise, {BASE, PAGE, MADV_WILLNEED}, 0},
    {"madvise populate to read", SYS_madvise, {READ_ONLY, PAGE, ADVISE_POPULATE_READ}, 0},
    {"madvise populate to write, not allowed", SYS_madvise, {READ_ONLY, PAGE, ADVISE_POPULATE_WRITE}, EINVAL},
    {"madvise populate where nothing is", SYS_madvise, {FREE, PAGE, ADVISE_POPULATE_READ}, ENOMEM},
    {"madvise populate across a hole", SYS_madvise, {BASE, 9 * PAGE, ADVISE_POPULATE_WRITE}, ENOMEM},

    {"mincore within a page", SYS_mincore, {BASE + 1, PAGE, (long)residency}, EINVAL},
    {"mincore of the kernel", SYS_mincore, {KERNEL, PAGE, (long)residency}, ENOMEM},
    {"mincore where nothing is", SYS_mincore, {FREE, PAGE, (long)residency}, ENOMEM},
    {"mincore across a hole", SYS_mincore, {BASE, 9 * PAGE, (long)residency}, ENOMEM},
    {"mincore into the kernel", SYS_mincore, {BASE, PAGE, KERNEL}, EFAULT},
    {"mincore into read-only memory", SYS_mincore, {BASE, PAGE, READ_ONLY}, EFAULT},
    {"mincore of nothing", SYS_mincore, {BASE, 0, (long)residency}, 0},

    {"mremap with unknown flags", SYS_mremap, {BASE, PAGE, PAGE, 0x100}, EINVAL},
    {"mremap fixed that may not move", SYS_mremap, {BASE, PAGE, PAGE, MREMAP_FIXED, FREE}, EINVAL},
    {"mremap within a page", SYS_mremap, {BASE + 1, PAGE, PAGE, 0}, EINVAL},
    {"mremap to nothing", SYS_mremap, {BASE, PAGE, 0, 0}, EINVAL},
    {"mremap of nothing, private", SYS_mremap, {BASE, 0, PAGE, MREMAP_MAYMOVE}, EINVAL},
    {"mremap where nothing is", SYS_mremap, {FREE, PAGE, 2 * PAGE, MREMAP_MAYMOVE}, EFAULT},
    {"mremap beyond a region", SYS_mremap, {BASE + 7 * PAGE, 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE}, EFAULT},
    {"mremap without room", SYS_mremap, {BASE, 8 * PAGE, 16 * PAGE, 0}, ENOMEM},
    {"mremap to more than there is", SYS_mremap, {BASE, PAGE, END_OF_USER, MREMAP_MAYMOVE}, ENOMEM},
    {"mremap within a page of the target", SYS_mremap, {BASE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, FREE + 1}, EINVAL},
    {"mremap onto itself", SYS_mremap, {BASE, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, BASE + PAGE}, EINVAL},
    {"mremap into the kernel", SYS_mremap, {BASE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, KERNEL}, EINVAL},
};

static int failures;

static void check(const char *what, int holds) {
  printf("%s: %s\n", what, holds ? "yes" : "NO");
  failures += !holds;
}

static void makeBase(void) {
  mmap((void *)BASE, 12 * PAGE, RW, ANY | MAP_FIXED, -1, 0);
  mmap((void *)READ_ONLY, 4 * PAGE, PROT_READ, ANY | MAP_FIXED, -1, 0);
  munmap((void *)HOLE, PAGE);
}

static void refuse(void) {
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    const long *a = calls[i].arguments;
    makeBase();
    long answer = syscall(calls[i].number, a[0], a[1], a[2], a[3], a[4], a[5]);
    int actual = answer == -1 ? errno : 0;
    printf("%s: errno %d, %s\n", calls[i].what, actual, actual == calls[i].expected ? "yes" : "NO");
    failures += actual != calls[i].expected;
    if (answer != -1 && calls[i].number == SYS_mmap) munmap((void *)answer, a[1]);
  }
}

/* How many of these pages are in memory. */
static int resident(char *start, int pages) {
  int count = 0;
  if (mincore(start, (size_t)pages * PAGE, (void *)residency) != 0) return -1;
  for (int i = 0; i < pages; i++) count += residency[i] & 1;
  return count;
}

static void fillAndForget(void) {
  char *memory = mmap(NULL, 16 * PAGE, RW, ANY, -1, 0);
  check("no page is there before it is touched", resident(memory, 16) == 0);
  memory[0] = memory[5 * PAGE] = 'a';
  check("two that were are", resident(memory, 16) == 2);
  check("willneed of the rest", madvise(memory, 16 * PAGE, MADV_WILLNEED) == 0);
  check("populate", madvise(memory, 16 * PAGE, ADVISE_POPULATE_WRITE) == 0 && resident(memory, 16) == 16);
  check("populate keeps what is there", memory[0] == 'a' && memory[5 * PAGE] == 'a' && memory[6 * PAGE] == 0);
  check("dontneed", madvise(memory, 8 * PAGE, MADV_DONTNEED) == 0 && resident(memory, 8) == 0);
  check("what comes then is zero", memory[0] == 0 && memory[5 * PAGE] == 0);
  memory[9 * PAGE] = 'b';
  check("free, and a write makes it stay", madvise(memory, 16 * PAGE, MADV_FREE) == 0 && (memory[9 * PAGE] = 'c') == 'c');
  check("populate to read", madvise(memory, 16 * PAGE, ADVISE_POPULATE_READ) == 0 && resident(memory, 16) == 16);
  check("what was written since", memory[9 * PAGE] == 'c');
  mprotect(memory, PAGE, PROT_NONE);
  check("populate without access", madvise(memory, PAGE, ADVISE_POPULATE_READ) == -1 && errno == EINVAL);
  munmap(memory, 16 * PAGE);
  memory = mmap(NULL, 16 * PAGE, RW, ANY | MAP_POPULATE, -1, 0);
  check("mmap that populates", resident(memory, 16) == 16);
  munmap(memory, 16 * PAGE);
}

static void move(void) {
  char *memory = mmap((void *)FREE, 4 * PAGE, RW, ANY | PLACE_WITHOUT_REPLACING, -1, 0);
  check("a place of its own choice", memory == (char *)FREE);
  for (int i = 0; i < 4; i++) memory[i * PAGE] = '0' + i;
  char *wall = mmap(memory + 4 * PAGE, PAGE, RW, ANY | PLACE_WITHOUT_REPLACING, -1, 0);
  char *moved = mremap(memory, 4 * PAGE, 8 * PAGE, MREMAP_MAYMOVE);
  check("growing moves", moved != memory && moved[3 * PAGE] == '3' && moved[7 * PAGE] == 0);
  check("nothing is left behind", mincore(memory, PAGE, (void *)residency) == -1 && errno == ENOMEM);
  char *target = mmap(NULL, 4 * PAGE, RW, ANY, -1, 0);
  target[0] = target[3 * PAGE] = 'x';
  char *fixed = mremap(moved, 8 * PAGE, 3 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, target);
  check("to a place where something was", fixed == target && target[0] == '0' && target[2 * PAGE] == '2');
  check("what lay behind stays", target[3 * PAGE] == 'x');
  check("nothing is left there either", mincore(moved, PAGE, (void *)residency) == -1 && errno == ENOMEM);
  char *larger = mremap(target, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, memory);
  check("fixed, and larger", larger == memory && memory[PAGE] == '1' && memory[3 * PAGE] == 0);
  check("growing in place", munmap(wall, PAGE) == 0 && mremap(memory, 4 * PAGE, 6 * PAGE, 0) == memory);
  check("getting smaller", mremap(memory, 6 * PAGE, PAGE, 0) == memory && mincore(memory + PAGE, PAGE, (void *)residency) == -1);
  munmap(memory, PAGE);
  munmap(target, 4 * PAGE);
}

static void share(void) {
  char *shared = mmap(NULL, 4 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  char *own = mmap(NULL, PAGE, RW, ANY, -1, 0);
  shared[0] = own[0] = 'p';
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    shared[PAGE] = shared[0] == 'p' ? 'c' : '?';
    shared[3 * PAGE] = own[0];
    own[0] = 'c';
    _exit(0);
  }
  waitpid(child, NULL, 0);
  check("a shared page that both had, and two that nobody had", shared[PAGE] == 'c' && shared[3 * PAGE] == 'p');
  check("a page of its own", own[0] == 'p');
  check("dontneed of shared pages keeps them", madvise(shared, 4 * PAGE, MADV_DONTNEED) == 0 && shared[PAGE] == 'c');
  check("free of shared pages", madvise(shared, 4 * PAGE, MADV_FREE) == -1 && errno == EINVAL);
}

static void reserve(void) {
  char *memory = mmap(NULL, 4L << 30, PROT_NONE, ANY | MAP_NORESERVE, -1, 0);
  check("4 GiB without access", memory != MAP_FAILED);
  check("a part of it to use", mprotect(memory + (1L << 30), PAGE, RW) == 0 && (memory[1L << 30] = 'r') == 'r');
  check("the rest costs nothing", resident(memory + (1L << 30) - 8 * PAGE, 16) == 1);
  check("and back", munmap(memory, 4L << 30) == 0);
}

int main(void) {
  refuse();
  fillAndForget();
  move();
  share();
  reserve();
  printf("%d failures\n", failures);
  return failures != 0;
}
