/* Signals as Linux has them: handlers, masks, groups, interrupted calls, and frames that ask for more than is allowed. */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "check.h"

static volatile sig_atomic_t seen, sender, isNested;
static void *volatile faultAddress;

static void note(int signal, siginfo_t *info, void *context) {
  (void)context;
  seen = signal;
  sender = info->si_pid;
}

static void handle(int signal, void (*handler)(int, siginfo_t *, void *), int flags) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};
  CHECK(sigaction(signal, &action, NULL) == 0);
}

static int endOf(pid_t child) {
  int status = -1;
  CHECK(waitpid(child, &status, 0) == child);
  return status;
}

static void keepRegisters(void) {
  handle(SIGUSR1, note, 0);
  double before = 1.5, after;
  unsigned long kept = 0x1122334455667788;
  long pid = getpid(), result = SYS_kill;
  __asm__ volatile("movsd %[before], %%xmm7\n"
                   "mov %[kept], %%r12\n"
                   "syscall\n"
                   "movsd %%xmm7, %[after]\n"
                   "mov %%r12, %[kept]\n"
                   : "+a"(result), [after] "=m"(after), [kept] "+r"(kept)
                   : "D"(pid), "S"((long)SIGUSR1), [before] "m"(before)
                   : "rcx", "r11", "r12", "xmm7", "memory");
  CHECK(result == 0 && seen == SIGUSR1 && sender == pid);
  CHECK(before == after && kept == 0x1122334455667788);
}

/* Until the handler of a child's signal has changed it: no call that would notice. Registers that SYSRET loses count. */
static void interruptLoop(void) {
  seen = 0;
  pid_t self = getpid(), child = fork();
  if (child == 0) {
    struct timespec time = {0, 30000000};
    nanosleep(&time, NULL);
    kill(self, SIGUSR1);
    _exit(0);
  }
  unsigned long rcx = 7, r11 = 0;
  __asm__ volatile("mov $9, %%r11\n"
                   "1: cmpl $0, %[seen]\n"
                   "je 1b\n"
                   "mov %%r11, %[r11]\n"
                   : "+c"(rcx), [r11] "=r"(r11)
                   : [seen] "m"(seen)
                   : "r11", "memory");
  CHECK(rcx == 7 && r11 == 9 && sender == child);
  CHECK(endOf(child) == 0);
}

static void recover(int signal, siginfo_t *info, void *context) {
  (void)signal;
  faultAddress = info->si_addr;
  ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] += 2;
}

static void handleFaults(void) {
  handle(SIGSEGV, recover, 0);
  __asm__ volatile("movb (%0), %%al" : : "r"(0x1234000L) : "rax");
  CHECK(faultAddress == (void *)0x1234000);
  signal(SIGSEGV, SIG_DFL);
  pid_t child = fork();
  if (child == 0) {
    signal(SIGSEGV, SIG_IGN);
    *(volatile char *)0x1234000 = 1;
  }
  CHECK(WTERMSIG(endOf(child)) == SIGSEGV);
}

static void nest(int signal, siginfo_t *info, void *context) {
  (void)info, (void)context;
  int before = seen;
  if (seen < 2) raise(signal);
  isNested = seen != before;
  seen++;
}

static void blockSignals(void) {
  sigset_t set, old, pending;
  seen = 0;
  handle(SIGUSR1, nest, 0);
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  CHECK(sigprocmask(SIG_BLOCK, &set, &old) == 0 && !sigismember(&old, SIGUSR1));
  raise(SIGUSR1);
  raise(SIGUSR1);
  CHECK(seen == 0 && sigpending(&pending) == 0 && sigismember(&pending, SIGUSR1));
  CHECK(sigprocmask(SIG_SETMASK, &old, NULL) == 0);
  CHECK(seen == 3 && !isNested);
  struct sigaction action = {.sa_handler = SIG_IGN};
  errno = 0;
  CHECK(sigaction(SIGKILL, &action, NULL) == -1 && errno == EINVAL);
  errno = 0;
  CHECK(syscall(SYS_rt_sigaction, 65, NULL, NULL, 8) == -1 && errno == EINVAL);
  handle(SIGUSR2, note, SA_RESETHAND);
  raise(SIGUSR2);
  CHECK(seen == SIGUSR2 && sigaction(SIGUSR2, NULL, &action) == 0 && action.sa_handler == SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  handle(SIGUSR1, note, 0);
  sigprocmask(SIG_BLOCK, &set, NULL);
  raise(SIGUSR1);
  seen = 0;
  errno = 0;
  CHECK(sigsuspend(&none) == -1 && errno == EINTR && seen == SIGUSR1);
  CHECK(sigprocmask(SIG_SETMASK, NULL, &old) == 0 && sigismember(&old, SIGUSR1));
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static pid_t sendLater(pid_t target, int signal) {
  pid_t child = fork();
  if (child != 0) return child;
  struct timespec time = {0, 30000000};
  nanosleep(&time, NULL);
  kill(target, signal);
  _exit(0);
}

static void interruptCalls(void) {
  int ends[2];
  char byte;
  struct timespec time = {100, 0}, rest = {0, 0};
  CHECK(pipe(ends) == 0);
  handle(SIGUSR1, note, 0);
  pid_t child = sendLater(getpid(), SIGUSR1);
  errno = 0;
  CHECK(read(ends[0], &byte, 1) == -1 && errno == EINTR);
  CHECK(endOf(child) == 0);
  child = sendLater(getpid(), SIGUSR1);
  errno = 0;
  CHECK(nanosleep(&time, &rest) == -1 && errno == EINTR && rest.tv_sec >= 90 && rest.tv_sec < 100);
  CHECK(endOf(child) == 0);
  child = sendLater(getpid(), SIGUSR1);
  struct pollfd request = {.fd = ends[0], .events = POLLIN};
  errno = 0;
  CHECK(poll(&request, 1, -1) == -1 && errno == EINTR);
  CHECK(endOf(child) == 0);
  handle(SIGUSR1, note, SA_RESTART);
  child = sendLater(getpid(), SIGUSR1);
  seen = 0;
  int status;
  CHECK(waitpid(child, &status, 0) == child && status == 0 && seen == SIGUSR1);
  close(ends[0]);
  close(ends[1]);
}

static void hearOfChildren(void) {
  handle(SIGCHLD, note, SA_RESTART);
  seen = 0;
  pid_t child = fork();
  if (child == 0) _exit(3);
  while (!seen) pause();
  CHECK(seen == SIGCHLD && WEXITSTATUS(endOf(child)) == 3);
  signal(SIGCHLD, SIG_IGN);
  child = fork();
  if (child == 0) _exit(3);
  errno = 0;
  CHECK(waitpid(child, NULL, 0) == -1 && errno == ECHILD);
  signal(SIGCHLD, SIG_DFL);
}

static void signalGroups(void) {
  pid_t first = fork();
  if (first == 0) for (setpgid(0, 0);;) pause();
  CHECK(setpgid(first, first) == 0 && getpgid(first) == first);
  pid_t second = fork();
  if (second == 0) for (setpgid(0, first);;) pause();
  CHECK(setpgid(second, first) == 0);
  errno = 0;
  CHECK(setpgid(first, 30000) == -1 && errno == EPERM);
  CHECK(kill(-first, SIGTERM) == 0);
  int status;
  errno = 0;
  CHECK(waitpid(-second, &status, 0) == -1 && errno == ECHILD);
  CHECK(waitpid(-first, &status, 0) > 0 && WTERMSIG(status) == SIGTERM);
  CHECK(waitpid(-first, &status, 0) > 0 && WTERMSIG(status) == SIGTERM);
  errno = 0;
  CHECK(kill(-first, SIGTERM) == -1 && errno == ESRCH);
  pid_t child = fork();
  if (child == 0) {
    CHECK(setsid() == getpid() && getsid(0) == getpid() && getpgrp() == getpid());
    errno = 0;
    CHECK(setsid() == -1 && errno == EPERM);
    _exit(0);
  }
  CHECK(endOf(child) == 0);
}

static void useOtherStack(int signal, siginfo_t *info, void *context) {
  (void)info, (void)context;
  seen = signal;
  faultAddress = __builtin_frame_address(0);
}

static void handleOnOtherStack(void) {
  static char memory[SIGSTKSZ * 4];
  stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory};
  CHECK(sigaltstack(&stack, NULL) == 0);
  handle(SIGUSR1, useOtherStack, SA_ONSTACK);
  raise(SIGUSR1);
  CHECK((char *)faultAddress >= memory && (char *)faultAddress < memory + sizeof memory);
  stack.ss_flags = SS_DISABLE;
  CHECK(sigaltstack(&stack, NULL) == 0);
}

/* --- Frames that a program has changed before it returns from its handler ------------------------------------------ */

static int attack;

static void changeFrame(int signal, siginfo_t *info, void *context) {
  (void)signal, (void)info;
  ucontext_t *frame = context;
  greg_t *registers = frame->uc_mcontext.gregs;
  unsigned char *vectors = (unsigned char *)frame->uc_mcontext.fpregs;
  switch (attack) {
    case 0: registers[REG_RIP] = 0xffffffff80200000; break;
    case 1: registers[REG_RIP] = 0x8000000000000000; break;
    case 2: registers[REG_RIP] = 0x00007ffffffff000; break;
    case 3: frame->uc_mcontext.fpregs = (void *)0xffffffff80200000; break;
    case 4: registers[REG_CSGSFS] = 0x0010000000000008; break;
    case 5: registers[REG_EFL] = 0x3f7fd7 | 0x3000; break;
    case 6: memset(vectors + 24, 0xff, 8); break;
    case 7: memset(vectors + 512, 0xff, 64); break;
    case 8: memset(vectors, 0xff, 512); break;
    case 9: registers[REG_RSP] = 0xffffffff80280000; break;
    case 10: frame->uc_sigmask = (sigset_t){{~0ul}}; break;
  }
}

static int attackWithFrame(int number) {
  pid_t child = fork();
  if (child != 0) return endOf(child);
  attack = number;
  handle(SIGUSR1, changeFrame, 0);
  if (number == 9) {
    __asm__ volatile("syscall\n mov $60, %%eax\n xor %%edi, %%edi\n syscall" : : "a"(SYS_kill), "D"(getpid()), "S"(SIGUSR1) : "rcx", "r11");
  }
  raise(SIGUSR1);
  if (number == 5) {
    unsigned long flags;
    __asm__ volatile("pushfq\n pop %0\n push $0x202\n popfq" : "=r"(flags));
    _exit((flags & 0x3200) == 0x200 ? 0 : 1);
  }
  unsigned short code;
  __asm__ volatile("mov %%cs, %0" : "=r"(code));
  _exit((code & 3) == 3 ? 0 : 1);
}

static void attackTheKernel(void) {
  for (int number = 0; number < 4; number++) CHECK(WTERMSIG(attackWithFrame(number)) == SIGSEGV);
  int status = attackWithFrame(5);
  CHECK(status == 0 || WTERMSIG(status) == SIGTRAP);
  static const int harmless[] = {4, 6, 7, 8, 9, 10};
  for (int i = 0; i < 6; i++) {
    status = attackWithFrame(harmless[i]);
    CHECK(status == 0 || WTERMSIG(status) == SIGSEGV);
  }
  pid_t child = fork();
  if (child == 0) syscall(SYS_rt_sigreturn);
  CHECK(WTERMSIG(endOf(child)) != 0);
  child = fork();
  if (child == 0) {
    __asm__ volatile("mov %0, %%rsp\n syscall" : : "r"(0xffffffff80200000), "a"(SYS_rt_sigreturn));
  }
  CHECK(WTERMSIG(endOf(child)) == SIGSEGV);
  child = fork();
  if (child == 0) {
    handle(SIGUSR1, note, 0);
    __asm__ volatile("mov %0, %%rsp\n syscall" : : "r"(0x1000L), "a"(SYS_kill), "D"(getpid()), "S"(SIGUSR1));
  }
  CHECK(WTERMSIG(endOf(child)) == SIGSEGV);
}

int main(void) {
  keepRegisters();
  interruptLoop();
  handleFaults();
  blockSignals();
  interruptCalls();
  hearOfChildren();
  signalGroups();
  handleOnOtherStack();
  attackTheKernel();
  printf("%d checks\n", checks);
  return 0;
}
