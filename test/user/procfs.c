/* What /proc says, beside what the program knows itself; and what the kernel says of the machine. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static char text[70000];

static size_t readAll(const char *path) {
  int file = open(path, O_RDONLY);
  size_t length = 0;
  if (file < 0) return 0;
  for (ssize_t count; (count = read(file, text + length, sizeof text - 1 - length)) > 0;) length += (size_t)count;
  text[length] = 0;
  close(file);
  return length;
}

static long numberAfter(const char *name) {
  const char *at = strstr(text, name);
  return at == NULL ? -1 : atol(at + strlen(name));
}

static void readOwnFiles(void) {
  char path[100], name[20], link[20] = {0};
  int pid, parent, group, session, device, foreground;
  unsigned long size;
  long pages;
  snprintf(path, sizeof path, "/proc/%d/stat", getpid());
  CHECK(readAll(path) > 0);
  char state;
  CHECK(sscanf(text, "%d (%19[^)]) %c %d %d %d %d %d", &pid, name, &state, &parent, &group, &session, &device, &foreground) == 8);
  CHECK(pid == getpid() && strcmp(name, "procfs") == 0 && state == 'R' && parent == 0 && group == getpgrp());
  CHECK(session == getsid(0) && foreground == tcgetpgrp(0) && device != 0);
  int fields = 1;
  for (char *at = text; (at = strchr(at, ' ')) != NULL; at++) fields++;
  CHECK(fields == 52);
  CHECK(sscanf(text, "%*d %*s %*c %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %lu %ld", &size, &pages) == 2);
  CHECK(size > 100000 && pages > 5 && pages < 100);
  CHECK(readAll("/proc/self/status") > 0 && strncmp(text, "Name:\tprocfs\nState:\tR", 21) == 0);
  CHECK(numberAfter("\nPid:\t") == getpid() && numberAfter("\nVmSize:\t") == (long)(size / 1024));
  CHECK(readAll("/proc/self/cmdline") == 8 && memcmp(text, "/procfs", 8) == 0);
  CHECK(readlink("/proc/self", link, sizeof link) > 0 && atoi(link) == getpid());
}

static void readMaps(void) {
  void *memory = mmap(NULL, 3 * 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  int code = 0, data = 0, stack = 0, isRight = 1;
  char line[200], *kept = text;
  CHECK(readAll("/proc/self/maps") > 0);
  snprintf(line, sizeof line, "%08lx-%08lx r--p 00000000 00:00 0", (long)memory, (long)memory + 3 * 4096);
  CHECK(strstr(text, line) != NULL);
  CHECK(strstr(text, " [stack]\n") != NULL && strstr(text, " /procfs\n") != NULL);
  for (char *at; (at = strsep(&kept, "\n")) != NULL && *at != 0;) {
    unsigned long start, end;
    char access[5];
    isRight &= sscanf(at, "%lx-%lx %4s", &start, &end, access) == 3 && start < end;
    isRight &= !(access[1] == 'w' && access[2] == 'x');
    if ((unsigned long)&readMaps >= start && (unsigned long)&readMaps < end) code = strcmp(access, "r-xp") == 0;
    if ((unsigned long)&checks >= start && (unsigned long)&checks < end) data = strcmp(access, "rw-p") == 0;
    if ((unsigned long)&start >= start && (unsigned long)&start < end) stack = strcmp(access, "rw-p") == 0;
  }
  CHECK(isRight && code && data && stack);
}

static void walkAddresses(void) {
  char path[100], last[100];
  checks++;
  snprintf(path, sizeof path, "/proc/self/walk/%lx", (unsigned long)&checks);
  CHECK(readAll(path) > 0 && strncmp(text, "PML4[", 5) == 0);
  CHECK(strstr(text, "\nPDPT[") != NULL && strstr(text, "\nPD[") != NULL && strstr(text, "\nPT[") != NULL);
  CHECK(strstr(text, "present writable user\nframe 0x") != NULL);
  snprintf(last, sizeof last, " offset 0x%03lx\n", (unsigned long)&checks & 4095);
  CHECK(strstr(text, last) != NULL);
  snprintf(path, sizeof path, "/proc/self/walk/%lx", (unsigned long)&walkAddresses);
  CHECK(readAll(path) > 0 && strstr(text, "present read-only user executable\nframe 0x") != NULL);
  CHECK(readAll("/proc/self/walk/0x10000") > 0 && strstr(text, "not present at P") != NULL);
  CHECK(readAll("/proc/self/walk/ffffffff80200000") > 0 && strstr(text, "frame") == NULL);
  errno = 0;
  CHECK(open("/proc/self/walk/xyz", O_RDONLY) == -1 && errno == ENOENT);
  errno = 0;
  CHECK(open("/proc/self/maps", O_WRONLY) == -1 && errno == EACCES);
}

static int lists(const char *path, const char *name) {
  int count = 0;
  DIR *folder = opendir(path);
  if (folder == NULL) return -1;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) count += strcmp(entry->d_name, name) == 0;
  closedir(folder);
  return count;
}

static void listProcesses(void) {
  char name[20], path[50];
  int status;
  pid_t child = fork();
  if (child == 0) for (;;) pause();
  snprintf(name, sizeof name, "%d", child);
  snprintf(path, sizeof path, "/proc/%d/stat", child);
  struct timespec time = {0, 30000000};
  nanosleep(&time, NULL);
  CHECK(lists("/proc", name) == 1 && lists("/proc", "1") == 1 && lists("/proc", "meminfo") == 1);
  CHECK(lists("/", "proc") == 1);
  CHECK(readAll(path) > 0 && strstr(text, ") S ") != NULL);
  int folder = open("/proc/self", O_RDONLY | O_DIRECTORY), file = openat(folder, "stat", O_RDONLY);
  CHECK(folder >= 0 && file >= 0);
  close(folder);
  close(file);
  int kept = open(path, O_RDONLY);
  kill(child, SIGKILL);
  nanosleep(&time, NULL);
  CHECK(readAll(path) > 0 && strstr(text, ") Z ") != NULL);
  CHECK(waitpid(child, &status, 0) == child && lists("/proc", name) == 0);
  CHECK(read(kept, text, 10) == 10 && readAll(path) == 0);
  close(kept);
}

static void askTheMachine(void) {
  struct utsname name;
  struct sysinfo info;
  CHECK(uname(&name) == 0 && strcmp(name.sysname, "Tessera") == 0 && strcmp(name.machine, "x86_64") == 0);
  CHECK(sysinfo(&info) == 0 && info.mem_unit == 4096 && info.totalram > 50000 && info.freeram < info.totalram);
  CHECK(readAll("/proc/meminfo") > 0);
  CHECK(numberAfter("MemTotal:") == (long)info.totalram * 4 && numberAfter("MemFree:") > 100000);
  CHECK(numberAfter("\nTables:") > 0 && numberAfter("\nAnonymous:") > 0 && numberAfter("\nHeap:") > 0);
  CHECK(readAll("/proc/uptime") > 0 && atof(text) > 0 && atof(text) < 3600);
  CHECK(readAll("/proc/kmsg") > 0 && strstr(text, "is process 1\n") != NULL);
  unsigned char bytes[64] = {0};
  int zeros = 0;
  CHECK(getrandom(bytes, sizeof bytes, 0) == sizeof bytes);
  for (size_t i = 0; i < sizeof bytes; i++) zeros += bytes[i] == 0;
  CHECK(zeros < 10);
  errno = 0;
  CHECK(getrandom(bytes, sizeof bytes, 99) == -1 && errno == EINVAL);
  struct timespec before, after, wait = {0, 50000000};
  clock_gettime(CLOCK_MONOTONIC, &before);
  CHECK(clock_nanosleep(CLOCK_MONOTONIC, 0, &wait, NULL) == 0);
  clock_gettime(CLOCK_MONOTONIC, &after);
  CHECK((after.tv_sec - before.tv_sec) * 1000000000 + after.tv_nsec - before.tv_nsec >= 50000000);
  CHECK(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &after, NULL) == 0);
  CHECK(clock_nanosleep(CLOCK_MONOTONIC, 99, &after, NULL) == EINVAL);
  errno = 0;
  CHECK(reboot(12345) == -1 && errno == EINVAL);
  CHECK(reboot(RB_DISABLE_CAD) == 0);
}

int main(void) {
  readOwnFiles();
  readMaps();
  walkAddresses();
  listProcesses();
  askTheMachine();
  printf("%d checks\n", checks);
  fflush(stdout);
  return 0;
}
