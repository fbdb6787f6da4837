/*
 * Tries to start every file of /bad, and tells what became of each: the errno, or how it ended. Files may be damaged
 * programs, which do anything: they get no descriptor, and after a while they are killed with all that they have started.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST_FILES 1000
#define PATIENCE 20

static int compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void start(const char *name, volatile int *problem, char **environment) {
  char path[300];
  char *arguments[] = {path, NULL};
  snprintf(path, sizeof path, "/bad/%s", name);
  setpgid(0, 0);
  for (int descriptor = 0; descriptor < 3; descriptor++) close(descriptor);
  execve(path, arguments, environment);
  *problem = errno;
  _exit(0);
}

/* Waits, but not for long. True: it had to be killed. */
static int waitOrKill(pid_t child, int *status) {
  struct timespec moment = {0, 10000000};
  int isKilled = 1;
  for (int i = 0; i < PATIENCE && isKilled; i++) {
    if (waitpid(child, status, WNOHANG) == child) isKilled = 0;
    else nanosleep(&moment, NULL);
  }
  kill(-child, SIGKILL);
  if (isKilled) waitpid(child, status, 0);
  return isKilled;
}

static void try(const char *name, volatile int *problem, char **environment) {
  int status = 0;
  *problem = 0;
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) start(name, problem, environment);
  int isKilled = waitOrKill(child, &status);
  if (*problem != 0) printf("%s: errno %d\n", name, *problem);
  else if (isKilled) printf("%s: killed\n", name);
  else if (WIFSIGNALED(status)) printf("%s: signal %d\n", name, WTERMSIG(status));
  else printf("%s: ended %d\n", name, WEXITSTATUS(status));
}

int main(int argc, char **argv, char **environment) {
  static char *names[MOST_FILES];
  int count = 0;
  int *problem = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  DIR *folder = opendir("/bad");
  if (folder == NULL) return 1;
  for (struct dirent *entry; count < MOST_FILES && (entry = readdir(folder)) != NULL;) {
    if (entry->d_name[0] != '.') names[count++] = strdup(entry->d_name);
  }
  closedir(folder);
  qsort(names, count, sizeof names[0], compare);
  for (int i = 0; i < count; i++) try(names[i], problem, environment);
  printf("%d files\n", count);
  return 0;
}
