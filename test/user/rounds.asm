; 2,000 rounds of fork, execve, exit and wait4, as many of vfork, and 100,000 of mmap, a touch and munmap.

%include "program.inc"

PROT_READ_WRITE equ 3
MAP_PRIVATE_ANONYMOUS equ 0x22

section .data
align 8
path: db "/nothing", 0
align 8
status: dq 0

; PROCESS call: a child by that call, which starts another program
%macro PROCESS 1
    CALL_KERNEL %1
    test rax, rax
    jz program.child
    js program.failed
    CALL_KERNEL SYS_WAIT4, rax, status, 0, 0
    test rax, rax
    js program.failed
    cmp dword [status], 0x300
    jne program.failed
%endmacro

section .text
program:
    mov r12d, 2000
.process:
    PROCESS SYS_FORK
    PROCESS SYS_VFORK
    dec r12d
    jnz .process
    SAY `4000 processes\n`

    mov r12d, 100000
.memory:
    xor r8d, r8d
    xor r9d, r9d
    CALL_KERNEL SYS_MMAP, 0, 8192, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS
    test rax, rax
    js .failed
    mov [rax + 4096], rax
    CALL_KERNEL SYS_MUNMAP, rax, 8192
    test rax, rax
    jnz .failed
    dec r12d
    jnz .memory
    SAY `100000 mappings\n`
    EXIT 0

.child:
    CALL_KERNEL SYS_EXECVE, path, 0, 0
    EXIT 2
.failed:
    neg rax
    call print_number
    SAY ` is why it failed\n`
    EXIT 1
