; Two children that never give the processor up, each with values of its own in x87 and SSE registers, and one that
; sleeps: who is interrupted must find everything as it was, and the sleeper must wake on time.

%include "program.inc"

ROUNDS equ 60000000

section .data
align 8
pause: dq 0, 50000000             ; 50 ms
status: dq 0

section .text
program:
    mov r14, 2
.start:
    CALL_KERNEL SYS_FORK
    test rax, rax
    jz spin
    dec r14
    jnz .start
    CALL_KERNEL SYS_FORK
    test rax, rax
    jz sleeper
    mov r14, 3
.wait:
    CALL_KERNEL SYS_WAIT4, -1, status, 0, 0
    movzx eax, byte [status + 1]
    call print_number
    SAY ` ended\n`
    dec r14
    jnz .wait
    EXIT 0

; spin(r14 = who): counts, and compares what its registers hold
spin:
    movq xmm0, r14
    movq xmm15, r14
    fninit
    push r14
    fild qword [rsp]
    pop rax
    mov rcx, ROUNDS
.round:
    movq rax, xmm0
    cmp rax, r14
    jne .wrong
    movq rax, xmm15
    cmp rax, r14
    jne .wrong
    dec rcx
    jnz .round
    push rax
    fistp qword [rsp]
    pop rax
    cmp rax, r14
    jne .wrong
    lea rdi, [r14 + 100]
    EXIT rdi
.wrong:
    EXIT 1

sleeper:
    CALL_KERNEL SYS_NANOSLEEP, pause, 0
    EXIT 50
