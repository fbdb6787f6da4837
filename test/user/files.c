/* What open files do, and how Linux refuses: one line for each thing that is not as on Linux, and a last line. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "check.h"

static const char TEXT[] = "This is no program.\n";

static void readFiles(void) {
  char bytes[64] = {0};
  int file = open("/text", O_RDONLY);
  CHECK(file == 3);
  CHECK(read(file, bytes, 4) == 4 && memcmp(bytes, "This", 4) == 0);
  CHECK(lseek(file, 0, SEEK_CUR) == 4);
  CHECK(pread(file, bytes, 2, 5) == 2 && memcmp(bytes, "is", 2) == 0);
  CHECK(lseek(file, -9, SEEK_END) == 11);
  CHECK(read(file, bytes, sizeof bytes) == 9 && memcmp(bytes, TEXT + 11, 9) == 0);
  CHECK(read(file, bytes, sizeof bytes) == 0);
  CHECK(lseek(file, 1000, SEEK_SET) == 1000 && read(file, bytes, 1) == 0);
  REFUSED(lseek(file, -1, SEEK_SET), EINVAL);
  REFUSED(lseek(file, 0, 9), EINVAL);
  CHECK(lseek(file, 0, SEEK_SET) == 0);
  struct iovec parts[2] = {{bytes, 5}, {bytes + 32, 2}};
  CHECK(readv(file, parts, 2) == 7 && memcmp(bytes, "This ", 5) == 0 && memcmp(bytes + 32, "is", 2) == 0);
  REFUSED(readv(file, parts, 2000), EINVAL);
  REFUSED(read(file, KERNEL, 4), EFAULT);
  REFUSED(read(file, NULL, 4), EFAULT);
  REFUSED(write(file, "x", 1), EBADF);
  CHECK(close(file) == 0);
  REFUSED(close(file), EBADF);
  REFUSED(read(file, bytes, 1), EBADF);
  REFUSED(read(-1, bytes, 1), EBADF);
  REFUSED(read(1 << 20, bytes, 1), EBADF);
}

static void refuseToOpen(void) {
  static char tooLong[5000];
  memset(tooLong, 'a', sizeof tooLong - 1);
  REFUSED(open("/absent/here", O_RDONLY), ENOENT);
  REFUSED(open("/nothing/here", O_RDONLY), ENOTDIR);
  REFUSED(open("/none", O_RDONLY), ENOENT);
  REFUSED(open("", O_RDONLY), ENOENT);
  REFUSED(open("/text/x", O_RDONLY), ENOTDIR);
  REFUSED(open("/text/", O_RDONLY), ENOTDIR);
  REFUSED(open("/text", O_WRONLY), EROFS);
  REFUSED(open("/text", O_RDWR), EROFS);
  REFUSED(open("/text", O_RDONLY | O_TRUNC), EROFS);
  REFUSED(open("/new", O_WRONLY | O_CREAT, 0666), EROFS);
  REFUSED(open("/text", O_RDONLY | O_CREAT | O_EXCL, 0666), EEXIST);
  REFUSED(open("/text", O_RDONLY | O_DIRECTORY), ENOTDIR);
  REFUSED(open("/folder", O_RDWR), EISDIR);
  REFUSED(open(tooLong, O_RDONLY), ENAMETOOLONG);
  REFUSED(open(KERNEL, O_RDONLY), EFAULT);
  REFUSED(open("/folder/loop", O_RDONLY), ELOOP);
  REFUSED(open("/folder/link", O_RDONLY | O_NOFOLLOW), ELOOP);
  REFUSED(openat(99, "text", O_RDONLY), EBADF);
  REFUSED(openat(1, "text", O_RDONLY), ENOTDIR);
}

static void followPaths(void) {
  static const char *const SAME[] = {"/text", "//text", "/./text", "/folder/../text", "/folder/inner/../../text",
                                     "/../text", "text", "/folder/link", "/folder/inner/up/../text"};
  struct stat wanted;
  CHECK(stat("/text", &wanted) == 0);
  for (size_t i = 0; i < sizeof SAME / sizeof *SAME; i++) {
    struct stat found;
    CHECK(stat(SAME[i], &found) == 0 && found.st_ino == wanted.st_ino);
  }
  char bytes[PATH_MAX];
  CHECK(chdir("/folder/inner") == 0);
  CHECK(getcwd(bytes, sizeof bytes) == bytes && strcmp(bytes, "/folder/inner") == 0);
  CHECK(access("deep", F_OK) == 0 && access("../../text", R_OK) == 0);
  REFUSED(chdir("none"), ENOENT);
  REFUSED(chdir("deep"), ENOTDIR);
  errno = 0;
  CHECK(getcwd(bytes, 4) == NULL && errno == ERANGE);
  int folder = open("/folder", O_RDONLY | O_DIRECTORY);
  int file = openat(folder, "inner/deep", O_RDONLY);
  CHECK(file >= 0 && read(file, bytes, 4) == 4 && memcmp(bytes, "deep", 4) == 0);
  CHECK(fchdir(folder) == 0 && getcwd(bytes, sizeof bytes) == bytes && strcmp(bytes, "/folder") == 0);
  REFUSED(read(folder, bytes, 4), EISDIR);
  CHECK(close(file) == 0 && close(folder) == 0 && chdir("/") == 0);
  CHECK(readlink("/folder/link", bytes, sizeof bytes) == 7 && memcmp(bytes, "../text", 7) == 0);
  REFUSED(readlink("/text", bytes, sizeof bytes), EINVAL);
  REFUSED(access("/text", W_OK), EROFS);
  REFUSED(access("/text", X_OK), EACCES);
  CHECK(access("/hello", X_OK) == 0);
}

static void askStatus(void) {
  struct stat status;
  CHECK(stat("/text", &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 20 && status.st_nlink == 1);
  CHECK(stat("/folder", &status) == 0 && S_ISDIR(status.st_mode));
  CHECK(stat("/", &status) == 0 && S_ISDIR(status.st_mode));
  CHECK(lstat("/folder/link", &status) == 0 && S_ISLNK(status.st_mode) && status.st_size == 7);
  CHECK(stat("/dev/null", &status) == 0 && S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3));
  CHECK(fstat(0, &status) == 0 && S_ISCHR(status.st_mode) && status.st_rdev == makedev(5, 1));
  REFUSED(fstat(77, &status), EBADF);
  REFUSED(syscall(SYS_stat, "/text", KERNEL), EFAULT);
}

static int countIn(const char *path, const char *name, int kind) {
  int count = 0;
  DIR *folder = opendir(path);
  if (folder == NULL) return -1;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    if (strcmp(entry->d_name, name) == 0 && entry->d_type == kind) count++;
  }
  closedir(folder);
  return count;
}

static void listFolders(void) {
  CHECK(countIn("/", "text", DT_REG) == 1);
  CHECK(countIn("/", "folder", DT_DIR) == 1);
  CHECK(countIn("/", "dev", DT_DIR) == 1);
  CHECK(countIn("/", ".", DT_DIR) == 1 && countIn("/", "..", DT_DIR) == 1);
  CHECK(countIn("/folder", "inner", DT_DIR) == 1);
  CHECK(countIn("/folder", "link", DT_LNK) == 1);
  CHECK(countIn("/folder", "deep", DT_REG) == 0);
  CHECK(countIn("/folder/inner", "deep", DT_REG) == 1);
  CHECK(countIn("/dev", "null", DT_CHR) == 1);
  CHECK(countIn("/text", "x", DT_REG) == -1 && errno == ENOTDIR);
}

static void useDevices(void) {
  unsigned char bytes[3000];
  memset(bytes, 1, sizeof bytes);
  int zero = open("/dev/zero", O_RDWR), null = open("/dev/null", O_RDWR), random = open("/dev/urandom", O_RDONLY);
  CHECK(read(zero, bytes, sizeof bytes) == sizeof bytes);
  for (size_t i = 0; i < sizeof bytes; i++) if (bytes[i] != 0) CHECK(!"zero has zeros");
  CHECK(read(null, bytes, sizeof bytes) == 0 && write(null, bytes, sizeof bytes) == sizeof bytes);
  CHECK(write(zero, bytes, 7) == 7);
  CHECK(read(random, bytes, sizeof bytes) == sizeof bytes);
  int seen[256] = {0}, kinds = 0;
  for (size_t i = 0; i < sizeof bytes; i++) if (!seen[bytes[i]]++) kinds++;
  CHECK(kinds > 200);
  REFUSED(read(zero, KERNEL, 9), EFAULT);
  static char many[1 << 20];
  CHECK(read(random, many, sizeof many) == 1 << 18);
  REFUSED(ioctl(null, TIOCGWINSZ, bytes), ENOTTY);
  CHECK(close(zero) == 0 && close(null) == 0 && close(random) == 0);
  CHECK(isatty(0) && isatty(1));
  REFUSED(lseek(0, 0, SEEK_SET), ESPIPE);
  struct winsize window;
  CHECK(ioctl(1, TIOCGWINSZ, &window) == 0 && window.ws_row == 24 && window.ws_col == 80);
  struct termios settings;
  CHECK(tcgetattr(0, &settings) == 0 && (settings.c_lflag & ICANON) && (settings.c_oflag & ONLCR));
}

static void shareDescriptors(void) {
  char bytes[8];
  int file = open("/text", O_RDONLY), copy = dup(file);
  CHECK(read(file, bytes, 2) == 2 && lseek(copy, 0, SEEK_CUR) == 2);
  CHECK(dup2(file, 40) == 40 && lseek(40, 0, SEEK_CUR) == 2);
  CHECK(dup2(40, 40) == 40);
  REFUSED(dup2(77, 40), EBADF);
  REFUSED(dup2(40, 100000), EBADF);
  REFUSED(dup3(40, 40, 0), EINVAL);
  CHECK(dup3(file, 41, O_CLOEXEC) == 41 && fcntl(41, F_GETFD) == FD_CLOEXEC && fcntl(40, F_GETFD) == 0);
  CHECK(fcntl(file, F_DUPFD, 60) == 60 && fcntl(file, F_DUPFD_CLOEXEC, 60) == 61);
  CHECK(fcntl(61, F_GETFD) == FD_CLOEXEC && fcntl(61, F_SETFD, 0) == 0 && fcntl(61, F_GETFD) == 0);
  CHECK((fcntl(file, F_GETFL) & O_ACCMODE) == O_RDONLY);
  CHECK(fcntl(file, F_SETFL, O_NONBLOCK) == 0 && (fcntl(copy, F_GETFL) & O_NONBLOCK));
  REFUSED(fcntl(file, 9999), EINVAL);
  pid_t child = fork();
  if (child == 0) _exit(lseek(copy, 3, SEEK_CUR) == 5 && close(copy) == 0 ? 0 : 1);
  int status;
  CHECK(waitpid(child, &status, 0) == child && status == 0);
  CHECK(lseek(file, 0, SEEK_CUR) == 5);
  for (int i = 3; i < 64; i++) close(i);
  int count = 0;
  while (open("/text", O_RDONLY) >= 0) count++;
  CHECK(errno == EMFILE && count == 253 && sysconf(_SC_OPEN_MAX) == 256);
  for (int i = 3; i < 256; i++) close(i);
}

int main(void) {
  readFiles();
  refuseToOpen();
  followPaths();
  askStatus();
  listFolders();
  useDevices();
  shareDescriptors();
  printf("%d checks\n", checks);
  return 0;
}
