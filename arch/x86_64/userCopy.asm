; The only instructions of the kernel that touch pages of ring 3. arch/x86_64/userCopy.ts knows their limits: a page
; fault between user_copy_start and user_copy_end that nobody resolves continues at user_copy_end, where rcx still says
; how much is left.
;
; Intel SDM Vol. 2B, "REP/REPE/REPZ/REPNE/REPNZ"; Vol. 3A, "Supervisor-Mode Access Prevention".

bits 64
section .text

global user_copy
global user_copy_guarded
global user_copy_start
global user_copy_end

; user_copy(rdi = target, rsi = source, rdx = bytes) -> rax: bytes that were not copied, 0 when all were
;
; For processors without SMAP.
user_copy:
    mov rcx, rdx
    jmp user_copy_start

; user_copy_guarded: the same with SMAP on. The trap handler clears RFLAGS.AC on the way in, iretq brings it back.
user_copy_guarded:
    push rbp
    mov rbp, rsp
    stac
    call user_copy
    clac
    pop rbp
    ret

; user_copy_start(rdi = target, rsi = source, rcx = bytes) -> rax: the part of both that may fault.
user_copy_start:
    rep movsb
; user_copy_end: entered by iretq too, rcx as the fault left it.
user_copy_end:
    mov rax, rcx
    ret
