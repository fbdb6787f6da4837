; Accesses that may fault, and the place to come back to when they do. arch/x86_64/probe.ts owns the state.
;
; Intel SDM Vol. 1, "Calling Procedures"; System V ABI AMD64, "The Stack Frame".

bits 64
section .text

global probe_run
global probe_resume
global probe_read_byte
global probe_write_word
global probe_call

; probe_run(rdi = Recovery, rsi = routine, rdx = first, rcx = second) -> al: 1 returned, 0 faulted
;
; Calls routine(first, second). While it runs, Recovery says where to go when it faults: the trap handler sets RIP to
; probe_resume, RSP and RFLAGS to what Recovery holds, and returns.
;
;     high  return address
;           rbp, rbx, r12 .. r15
;           padding                  <- Recovery.stack: aligned to 16 for the call
;     low
probe_run:
    push rbp
    mov rbp, rsp
    push rbx
    push r12
    push r13
    push r14
    push r15
    sub rsp, 8
    mov rbx, rdi
    mov rax, rsi
    mov rdi, rdx
    mov rsi, rcx
    pushfq
    pop qword [rbx + 8]           ; Recovery.flags
    mov [rbx], rsp                ; Recovery.stack: from here on a fault comes back
    call rax
    mov qword [rbx], 0
    mov eax, 1
    jmp probe_return

; Entered by iretq from the trap handler, RSP as at the call in probe_run. The handler has cleared Recovery.stack.
probe_resume:
    xor eax, eax

probe_return:
    add rsp, 8
    pop r15
    pop r14
    pop r13
    pop r12
    pop rbx
    pop rbp
    ret

; probe_read_byte(rdi = address): reads one byte and drops it.
probe_read_byte:
    mov al, [rdi]
    ret

; probe_write_word(rdi = address, rsi = value): writes 8 bytes.
probe_write_word:
    mov [rdi], rsi
    ret

; probe_call(rdi = address): continues there; what lies there returns to the caller.
probe_call:
    jmp rdi
