; Says hello with its arguments, and ends with 7.

%include "program.inc"

program:
    mov r12, [rsp]                ; argc
    lea r13, [rsp + 8]            ; argv
    SAY "hello from ring 3"
.next:
    test r12, r12
    jz .end
    SAY ", "
    mov rsi, [r13]
    call print
    add r13, 8
    dec r12
    jmp .next
.end:
    SAY `\n`
    EXIT 7
