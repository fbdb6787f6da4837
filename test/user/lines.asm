; Reads lines from the terminal and says each again between brackets, with its length, until the end of file. In raw
; mode ("r" alone on a line) it says every byte that comes, up to "q".

%include "program.inc"

section .bss
line: resb 300

section .text
program:
    SAY `ready\n`
.next:
    CALL_KERNEL SYS_READ, 0, line, 300
    test rax, rax
    js .refused
    jz .end
    mov r12, rax
    call print_number
    SAY " ["
    CALL_KERNEL SYS_WRITE, 1, line, r12
    SAY `]\n`
    jmp .next
.end:
    SAY `end of file\n`
    EXIT 0
.refused:
    SAY `refused\n`
    EXIT 1
