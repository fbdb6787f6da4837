; Starts /hello as a child, waits for it, and tells how it ended.

%include "program.inc"

section .data
path: db "/hello", 0
argument: db "with an argument", 0
align 8
arguments: dq path, argument, 0
status: dq 0

section .text
program:
    CALL_KERNEL SYS_FORK
    test rax, rax
    jz .child
    mov r12, rax
    CALL_KERNEL SYS_WAIT4, -1, status, 0, 0
    cmp rax, r12
    jne .other
    SAY "the child ended with "
    movzx eax, byte [status + 1]
    call print_number
    SAY `\n`
    EXIT 0
.other:
    SAY `somebody else ended\n`
    EXIT 1
.child:
    CALL_KERNEL SYS_EXECVE, path, arguments, 0
    SAY `execve failed\n`
    EXIT 1
