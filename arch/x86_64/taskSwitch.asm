; From one kernel stack to another, and the registers of x87, SSE and AVX, which the kernel itself never uses.
;
; System V ABI AMD64, "Registers and the Stack Frame"; Intel SDM Vol. 1, "Managing State Using the XSAVE Feature Set".

bits 64
section .text

global switch_stack
global save_vectors
global restore_vectors
global save_vectors_legacy
global restore_vectors_legacy
global enable_vectors

; switch_stack(rdi = where to keep RSP, rsi = RSP of the other, as kept)
;
; Returns on the other stack, to whoever called switch_stack there; a stack that never ran has the same seven words.
switch_stack:
    push rbp
    push rbx
    push r12
    push r13
    push r14
    push r15
    mov [rdi], rsp
    mov rsp, rsi
    pop r15
    pop r14
    pop r13
    pop r12
    pop rbx
    pop rbp
    ret

; save_vectors(rdi = XSAVE area, 64-byte aligned, rsi = components)
save_vectors:
    mov eax, esi
    xor edx, edx
    xsave64 [rdi]
    ret
; restore_vectors(rdi = XSAVE area, rsi = components)
restore_vectors:
    mov eax, esi
    xor edx, edx
    xrstor64 [rdi]
    ret

; save_vectors_legacy(rdi = FXSAVE area, 16-byte aligned): for processors without XSAVE
save_vectors_legacy:
    fxsave64 [rdi]
    ret
; restore_vectors_legacy(rdi = FXSAVE area)
restore_vectors_legacy:
    fxrstor64 [rdi]
    ret

; enable_vectors(rdi = components): writes XCR0. CR4.OSXSAVE is set.
enable_vectors:
    mov eax, edi
    xor edx, edx
    xor ecx, ecx
    xsetbv
    ret
