/**
 * The numbers of system calls on x86-64.
 *
 * Linux, arch/x86/entry/syscalls/syscall_64.tbl.
 */

export const SYS_READ: u64 = 0n;
export const SYS_WRITE: u64 = 1n;
export const SYS_MMAP: u64 = 9n;
export const SYS_MPROTECT: u64 = 10n;
export const SYS_MUNMAP: u64 = 11n;
export const SYS_BRK: u64 = 12n;
export const SYS_RT_SIGACTION: u64 = 13n;
export const SYS_RT_SIGPROCMASK: u64 = 14n;
export const SYS_IOCTL: u64 = 16n;
export const SYS_WRITEV: u64 = 20n;
export const SYS_SCHED_YIELD: u64 = 24n;
export const SYS_MREMAP: u64 = 25n;
export const SYS_MADVISE: u64 = 28n;
export const SYS_NANOSLEEP: u64 = 35n;
export const SYS_GETPID: u64 = 39n;
export const SYS_CLONE: u64 = 56n;
export const SYS_FORK: u64 = 57n;
export const SYS_VFORK: u64 = 58n;
export const SYS_EXECVE: u64 = 59n;
export const SYS_EXIT: u64 = 60n;
export const SYS_WAIT4: u64 = 61n;
export const SYS_KILL: u64 = 62n;
export const SYS_UNAME: u64 = 63n;
export const SYS_UMASK: u64 = 95n;
export const SYS_GETTIMEOFDAY: u64 = 96n;
export const SYS_GETRLIMIT: u64 = 97n;
export const SYS_GETRUSAGE: u64 = 98n;
export const SYS_TIMES: u64 = 100n;
export const SYS_GETUID: u64 = 102n;
export const SYS_GETGID: u64 = 104n;
export const SYS_GETEUID: u64 = 107n;
export const SYS_GETEGID: u64 = 108n;
export const SYS_GETPPID: u64 = 110n;
export const SYS_PRCTL: u64 = 157n;
export const SYS_ARCH_PRCTL: u64 = 158n;
export const SYS_GETTID: u64 = 186n;
export const SYS_TKILL: u64 = 200n;
export const SYS_FUTEX: u64 = 202n;
export const SYS_SCHED_GETAFFINITY: u64 = 204n;
export const SYS_SET_TID_ADDRESS: u64 = 218n;
export const SYS_CLOCK_GETTIME: u64 = 228n;
export const SYS_CLOCK_GETRES: u64 = 229n;
export const SYS_EXIT_GROUP: u64 = 231n;
export const SYS_SET_ROBUST_LIST: u64 = 273n;
export const SYS_PRLIMIT64: u64 = 302n;
