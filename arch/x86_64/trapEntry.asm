; Trap entry: from the CPU's exception frame to trap_dispatch(TrapFrame) and back.
;
; Contract
;   in    the CPU has pushed SS, RSP, RFLAGS, CS, RIP and for some exceptions an error code; interrupts are off
;   out   the interrupted program continues as the TrapFrame says, all registers restored
;   calls trap_dispatch(rdi = TrapFrame) in kernel/trap.ts, C calling convention, RSP 16-byte aligned, DF clear; then,
;         on the way back to ring 3, leave_kernel(rdi = TrapFrame) in kernel/process/leave.ts, if user_work is not 0
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

%include "trapFrame.inc"

extern trap_dispatch
extern leave_kernel
extern user_work
global trap_stubs
global trap_return
global resume_frame

STUB_SIZE equ 16                  ; arch/x86_64/interrupts.ts has the same number
VECTOR_COUNT equ 256

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
    PUSH_REGISTERS
    mov rdi, rsp

    push qword [rdi + FRAME_RIP]
    push rbp
    mov rbp, rsp
    cld
    call trap_dispatch
    add rsp, 16

; trap_return(rsp = TrapFrame): continues as it says. Before ring 3 comes what the process owes the kernel, which may
; never return. New processes start here.
trap_return:
    test byte [rsp + FRAME_CS], RING_3
    jz .restore
    cmp dword [rel user_work], 0
    je .restore
    mov rdi, rsp
    xor ebp, ebp
    call leave_kernel
.restore:
    POP_REGISTERS
    add rsp, 16                   ; vector and error code
    iretq

; resume_frame(rdi = TrapFrame): leaves whatever was going on above it on this stack, and continues as it says, with all
; registers: SYSRET could not restore RCX and R11.
resume_frame:
    mov rsp, rdi
    jmp trap_return
