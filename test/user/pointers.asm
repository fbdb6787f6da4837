; Hands pointers that are not the program's to system calls: each must refuse with EFAULT (-14), or for a length of the
; whole address space too.

%include "program.inc"

section .data
align 8
unmapped: dq 0

; EXPECT name, number, arguments...: the answer in decimal, without its sign
%macro EXPECT 2-6
    SAY %1
    CALL_KERNEL %{2:-1}
    neg rax
    push rax
    SAY ": -"
    pop rax
    call print_number
    SAY `\n`
%endmacro

KERNEL_TEXT equ 0xffffffff80200000
DIRECT_MAP equ 0xffff800000000000
NOT_CANONICAL equ 0x8000000000000000
NOT_MAPPED equ 0x10000000
END_OF_USER equ 0x00007ffffffff000

section .text
program:
    EXPECT "write from kernel text", SYS_WRITE, 1, KERNEL_TEXT, 8
    EXPECT "write from the direct map", SYS_WRITE, 1, DIRECT_MAP, 8
    EXPECT "write from an address that is not canonical", SYS_WRITE, 1, NOT_CANONICAL, 8
    EXPECT "write from where nothing is", SYS_WRITE, 1, NOT_MAPPED, 8
    EXPECT "write across the end", SYS_WRITE, 1, END_OF_USER - 4, 8
    EXPECT "write of everything", SYS_WRITE, 1, NOT_MAPPED, -1
    EXPECT "execve of kernel text", SYS_EXECVE, KERNEL_TEXT, 0, 0
    EXPECT "execve with arguments in the kernel", SYS_EXECVE, path, KERNEL_TEXT, 0
    EXPECT "execve with an environment in the kernel", SYS_EXECVE, path, 0, KERNEL_TEXT
    CALL_KERNEL SYS_FORK
    test rax, rax
    jz .child
    EXPECT "wait4 into kernel text", SYS_WAIT4, -1, KERNEL_TEXT, 0, 0
    EXPECT "wait4 into read-only memory", SYS_WAIT4, -1, program, 0, 0
    CALL_KERNEL SYS_WAIT4, -1, unmapped, 0, 0
    SAY "the child is still there"
    SAY `\n`
    EXIT 0
.child:
    EXIT 0

section .data
path: db "/hello", 0
