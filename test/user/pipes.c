/* Pipes and poll: order, waiting both ways, ends that are closed, and what does not fit. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static int endOf(pid_t child) {
  int status = -1;
  CHECK(waitpid(child, &status, 0) == child);
  return status;
}

static void passBytes(void) {
  int ends[2];
  char bytes[16];
  struct stat status;
  CHECK(pipe(ends) == 0 && ends[0] == 3 && ends[1] == 4);
  CHECK(write(ends[1], "hello", 5) == 5 && write(ends[1], "!", 1) == 1);
  CHECK(read(ends[0], bytes, 3) == 3 && memcmp(bytes, "hel", 3) == 0);
  CHECK(read(ends[0], bytes, sizeof bytes) == 3 && memcmp(bytes, "lo!", 3) == 0);
  CHECK(fstat(ends[0], &status) == 0 && S_ISFIFO(status.st_mode));
  REFUSED(write(ends[0], "x", 1), EBADF);
  REFUSED(read(ends[1], bytes, 1), EBADF);
  REFUSED(lseek(ends[0], 0, SEEK_SET), ESPIPE);
  REFUSED(syscall(SYS_write, ends[1], KERNEL, 8), EFAULT);
  CHECK(write(ends[1], "abc", 3) == 3);
  REFUSED(syscall(SYS_read, ends[0], KERNEL, 8), EFAULT);
  CHECK(close(ends[1]) == 0);
  CHECK(read(ends[0], bytes, sizeof bytes) == 3 && read(ends[0], bytes, sizeof bytes) == 0);
  CHECK(close(ends[0]) == 0);
  REFUSED(syscall(SYS_pipe, KERNEL), EFAULT);
  REFUSED(pipe2(ends, 12345), EINVAL);
  CHECK(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0 && fcntl(ends[0], F_GETFD) == FD_CLOEXEC);
  REFUSED(read(ends[0], bytes, 1), EAGAIN);
  int count = 0;
  static char page[4096];
  while (write(ends[1], page, sizeof page) == sizeof page) count++;
  CHECK(errno == EAGAIN && count == 16);
  CHECK(read(ends[0], page, 100) == 100);
  REFUSED(write(ends[1], page, sizeof page), EAGAIN);
  CHECK(write(ends[1], page, 100) == 100);
  close(ends[0]);
  close(ends[1]);
}

static void breakPipe(void) {
  int ends[2];
  CHECK(pipe(ends) == 0 && close(ends[0]) == 0);
  pid_t child = fork();
  if (child == 0) {
    write(ends[1], "x", 1);
    _exit(0);
  }
  CHECK(WTERMSIG(endOf(child)) == SIGPIPE);
  signal(SIGPIPE, SIG_IGN);
  REFUSED(write(ends[1], "x", 1), EPIPE);
  signal(SIGPIPE, SIG_DFL);
  close(ends[1]);
}

/* A million bytes through 64 KiB: each side has to wait for the other. */
static void passMuch(void) {
  enum { BYTES = 1000003 };
  int ends[2];
  CHECK(pipe(ends) == 0);
  pid_t child = fork();
  if (child == 0) {
    static unsigned char bytes[BYTES];
    close(ends[0]);
    for (int i = 0; i < BYTES; i++) bytes[i] = (unsigned char)(i * 7 + i / 256);
    _exit(write(ends[1], bytes, BYTES) == BYTES ? 0 : 1);
  }
  close(ends[1]);
  static unsigned char part[10007];
  int total = 0, wrong = 0;
  for (ssize_t count; (count = read(ends[0], part, sizeof part)) > 0; total += (int)count) {
    for (int i = 0; i < count; i++) wrong += part[i] != (unsigned char)((total + i) * 7 + (total + i) / 256);
  }
  CHECK(total == BYTES && wrong == 0 && endOf(child) == 0);
  close(ends[0]);
}

static void useInShell(void) {
  int ends[2];
  char bytes[100] = {0};
  CHECK(pipe(ends) == 0);
  pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], 1);
    close(ends[0]);
    close(ends[1]);
    execl("/hello", "/hello", "through a pipe", (char *)NULL);
    _exit(1);
  }
  close(ends[1]);
  size_t length = 0;
  for (ssize_t count; (count = read(ends[0], bytes + length, sizeof bytes - length)) > 0;) length += (size_t)count;
  CHECK(strcmp(bytes, "hello from ring 3, /hello, through a pipe\n") == 0);
  CHECK(WEXITSTATUS(endOf(child)) == 7);
  close(ends[0]);
}

static void pollFiles(void) {
  int ends[2];
  CHECK(pipe(ends) == 0);
  struct pollfd requests[4] = {{.fd = ends[0], .events = POLLIN},
                               {.fd = ends[1], .events = POLLOUT},
                               {.fd = 77, .events = POLLIN},
                               {.fd = -1, .events = POLLIN}};
  CHECK(poll(requests, 4, 0) == 2 && requests[0].revents == 0 && requests[1].revents == POLLOUT);
  CHECK(requests[2].revents == POLLNVAL && requests[3].revents == 0);
  CHECK(poll(requests, 1, 20) == 0);
  pid_t child = fork();
  if (child == 0) {
    struct timespec time = {0, 20000000};
    nanosleep(&time, NULL);
    _exit(write(ends[1], "x", 1) == 1 ? 0 : 1);
  }
  CHECK(poll(requests, 1, -1) == 1 && requests[0].revents == POLLIN);
  CHECK(endOf(child) == 0);
  close(ends[1]);
  CHECK(poll(requests, 1, -1) == 1 && requests[0].revents == (POLLIN | POLLHUP));
  close(ends[0]);
  CHECK(pipe(ends) == 0 && close(ends[0]) == 0);
  requests[0].fd = ends[1];
  requests[0].events = POLLOUT;
  CHECK(poll(requests, 1, -1) == 1 && (requests[0].revents & POLLERR));
  close(ends[1]);
  REFUSED(syscall(SYS_poll, KERNEL, 1, 0), EFAULT);
  REFUSED(syscall(SYS_poll, requests, 1L << 40, 0), EINVAL);
}

/* Children that make pipes until there are no more descriptors, until there is no more memory: a refusal, and no more. */
static void exhaustMemory(void) {
  enum { MOST = 60 };
  pid_t children[MOST];
  int count = 0, reason = 0, report[2];
  CHECK(pipe(report) == 0);
  while (count < MOST && reason != ENFILE) {
    pid_t child = fork();
    if (child == 0) {
      int ends[2];
      while (pipe(ends) == 0) continue;
      reason = errno;
      write(report[1], &reason, sizeof reason);
      for (;;) pause();
    }
    if (child < 0) break;
    children[count++] = child;
    struct pollfd request = {.fd = report[0], .events = POLLIN};
    if (poll(&request, 1, 2000) != 1 || read(report[0], &reason, sizeof reason) != sizeof reason) break;
    if (reason != EMFILE && reason != ENFILE) break;
  }
  CHECK(reason == ENFILE && count > 10);
  for (int i = 0; i < count; i++) {
    int status;
    kill(children[i], SIGKILL);
    waitpid(children[i], &status, 0);
  }
  close(report[0]);
  close(report[1]);
  CHECK(pipe(report) == 0 && close(report[0]) == 0 && close(report[1]) == 0);
}

/* Two thousand times as much as one process may have open leaves nothing behind: the boot counts. */
static void openMany(void) {
  for (int round = 0; round < 2000; round++) {
    int ends[2], file = open("/proc/meminfo", O_RDONLY);
    if (pipe(ends) != 0 || file < 0) CHECK(!"there is always room for one more");
    if (round % 2 == 0) write(ends[1], "left behind", 11);
    close(ends[0]);
    close(ends[1]);
    close(file);
  }
}

int main(void) {
  passBytes();
  breakPipe();
  passMuch();
  useInShell();
  pollFiles();
  exhaustMemory();
  openMany();
  printf("%d checks\n", checks);
  return 0;
}
