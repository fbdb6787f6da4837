; A child takes all memory there is; the parent, which lives on, then finds that what it gets is filled with zeros.

%include "program.inc"

PROT_READ_WRITE equ 3
MAP_PRIVATE_ANONYMOUS equ 0x22
LARGE equ 0x100000000             ; 4 GiB
AFTERWARDS equ 0x4000000          ; 64 MiB

section .data
align 8
status: dq 0

section .text
program:
    CALL_KERNEL SYS_FORK
    test rax, rax
    jz .child
    CALL_KERNEL SYS_WAIT4, -1, status, 0, 0
    SAY "the child: signal "
    movzx eax, byte [status]
    call print_number
    SAY `\n`
    mov rsi, AFTERWARDS
    call map
    mov rbx, rax
    xor r14d, r14d
.page:                            ; a write of nothing first, or all would be the zero frame
    lea rdi, [rbx + r14]
    or qword [rdi], 0
    mov rcx, 4096 / 8
    xor eax, eax
    repe scasq
    jne .dirty
    add r14, 4096
    cmp r14, AFTERWARDS
    jne .page
    SAY `all memory is zero\n`
    EXIT 0
.dirty:
    SAY `somebody else's data\n`
    EXIT 1

.child:
    mov rsi, LARGE
    call map
    mov rdi, rax
    mov rax, 0x5ec2e7
    mov rcx, LARGE / 8
    rep stosq
    SAY `there is no end\n`
    EXIT 0

; map(rsi = bytes) -> rax
map:
    xor r8d, r8d
    xor r9d, r9d
    CALL_KERNEL SYS_MMAP, 0, rsi, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS
    ret
