; Trap entry: from the CPU's exception frame to trap_dispatch(TrapFrame) and back.
;
; Contract
;   in    the CPU has pushed SS, RSP, RFLAGS, CS, RIP and for some exceptions an error code; interrupts are off
;   out   the interrupted program continues as the TrapFrame says, all registers restored
;   calls trap_dispatch(rdi = TrapFrame) in kernel/trap.ts, C calling convention, RSP 16-byte aligned, DF clear
;
; The stack at the call (arch/x86_64/trapFrame.ts mirrors it):
;
;     high  SS  RSP  RFLAGS  CS  RIP      pushed by the CPU, which first aligns RSP down to 16
;           error code                    pushed by the CPU, or 0 by the stub
;           vector                        pushed by the stub
;           RAX RBX RCX RDX RSI RDI RBP   pushed by trap_common
;           R8 .. R15                     <- rdi = TrapFrame: 22 words, so still aligned to 16
;           RIP again, RBP again          <- rbp: a stack frame, so that a trace leads into the interrupted function
;     low
;
; `int n` pushes no error code: it must not be used on the vectors in has_error_code.
;
; Intel SDM Vol. 3A, "Exception and Interrupt Handling in 64-bit Mode".

bits 64
section .text

extern trap_dispatch
global trap_stubs

STUB_SIZE equ 16                  ; arch/x86_64/interrupts.ts has the same number
VECTOR_COUNT equ 256
FRAME_RIP equ 136

; #DF #TS #NP #SS #GP #PF #AC #CP #VC #SX
%define has_error_code(v) ((v) == 8 || ((v) >= 10 && (v) <= 14) || (v) == 17 || (v) == 21 || (v) == 29 || (v) == 30)

align STUB_SIZE
; trap_stubs: 256 entries, STUB_SIZE apart; the gate of vector v jumps to trap_stubs + v * STUB_SIZE. Never called.
trap_stubs:
%assign vector 0
%rep VECTOR_COUNT
    align STUB_SIZE
%if !has_error_code(vector)
    push qword 0
%endif
    push qword vector
    jmp trap_common
%assign vector vector + 1
%endrep
%if ($ - trap_stubs) > STUB_SIZE * VECTOR_COUNT
    %error "a trap stub is longer than STUB_SIZE"
%endif

align 16
trap_common:
    push rax
    push rbx
    push rcx
    push rdx
    push rsi
    push rdi
    push rbp
    push r8
    push r9
    push r10
    push r11
    push r12
    push r13
    push r14
    push r15
    mov rdi, rsp

    push qword [rdi + FRAME_RIP]
    push rbp
    mov rbp, rsp
    cld
    call trap_dispatch
    add rsp, 16

    pop r15
    pop r14
    pop r13
    pop r12
    pop r11
    pop r10
    pop r9
    pop r8
    pop rbp
    pop rdi
    pop rsi
    pop rdx
    pop rcx
    pop rbx
    pop rax
    add rsp, 16                   ; vector and error code
    iretq
