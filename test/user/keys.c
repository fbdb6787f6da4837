/* Reads keys as its arguments say: "raw" each as it comes, "timed" for as long as VTIME allows, "poll" without waiting.
 * And ends the machine, when it is told to. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static struct termios settings;

static void setMode(int minimum, int time) {
  settings.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
  settings.c_cc[VMIN] = (cc_t)minimum;
  settings.c_cc[VTIME] = (cc_t)time;
  if (tcsetattr(0, TCSAFLUSH, &settings) != 0) printf("refused\n");
}

static void readRaw(void) {
  unsigned char byte;
  setMode(1, 0);
  printf("raw\n");
  fflush(stdout);
  while (read(0, &byte, 1) == 1 && byte != 'q') printf("<%02x>", byte), fflush(stdout);
  printf("\n");
}

static void readTimed(void) {
  char bytes[10];
  setMode(0, 1);
  printf("nothing: %zd\n", read(0, bytes, sizeof bytes));
  setMode(3, 0);
  printf("three\n");
  fflush(stdout);
  printf("three: %zd\n", read(0, bytes, sizeof bytes));
}

static void pollKeys(void) {
  struct pollfd request = {.fd = 0, .events = POLLIN};
  setMode(1, 0);
  printf("before: %d\n", poll(&request, 1, 20));
  fflush(stdout);
  printf("after: %d\n", poll(&request, 1, -1));
}

/* A child in the foreground, as a shell starts one: ^C ends it, and nobody else. */
static void runChild(void) {
  int status;
  signal(SIGINT, SIG_IGN);
  pid_t child = fork();
  if (child == 0) {
    setpgid(0, 0);
    signal(SIGINT, SIG_DFL);
    for (;;) pause();
  }
  setpgid(child, child);
  tcsetpgrp(0, child);
  printf("child\n");
  fflush(stdout);
  waitpid(child, &status, 0);
  tcsetpgrp(0, getpgrp());
  printf("the child ended by %d\n", WTERMSIG(status));
}

int main(void) {
  char word[20];
  tcgetattr(0, &settings);
  struct termios old = settings;
  printf("keys\n");
  fflush(stdout);
  for (ssize_t length; (length = read(0, word, sizeof word - 1)) > 0;) {
    word[length - 1] = 0;
    if (strcmp(word, "raw") == 0) readRaw();
    if (strcmp(word, "timed") == 0) readTimed();
    if (strcmp(word, "poll") == 0) pollKeys();
    if (strcmp(word, "child") == 0) runChild();
    if (strcmp(word, "restart") == 0) reboot(RB_AUTOBOOT);
    if (strcmp(word, "off") == 0) reboot(RB_POWER_OFF);
    if (strcmp(word, "halt") == 0) reboot(RB_HALT_SYSTEM);
    if (strcmp(word, "colours") == 0) printf("\33[31mred\33[m, plain\n");
    if (strcmp(word, "size") == 0) {
      struct winsize window;
      ioctl(0, TIOCGWINSZ, &window);
      printf("%d rows, %d columns\n", window.ws_row, window.ws_col);
    }
    settings = old;
    tcsetattr(0, TCSANOW, &old);
    printf("keys\n");
    fflush(stdout);
  }
  printf("end\n");
  return 0;
}
