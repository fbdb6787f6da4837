; System calls: from SYSCALL in ring 3 to system_call(TrapFrame) and back.
;
; Contract
;   in    RCX = RIP behind SYSCALL, R11 = RFLAGS, RSP still the program's; interrupts are off, DF and AC clear (FMASK)
;   out   the program continues as the TrapFrame says; RCX and R11 hold its RIP and RFLAGS, as the instruction defines
;   calls system_call(rdi = TrapFrame) in kernel/process/systemCalls.ts, C calling convention, RSP 16-byte aligned
;
; The frame is that of a trap with vector 256, and the number of the call for an error code, so that all that reads or
; makes TrapFrames knows one kind. Between SYSCALL and the new RSP nothing may fault or interrupt but NMI and #MC, which
; have stacks of their own. There is one processor, so two words of memory serve where several would need a segment
; each.
;
; SYSRET faults in ring 0 when RCX is not canonical: the kernel lets no TrapFrame of ring 3 have such an RIP.
;
; Intel SDM Vol. 2B, "SYSCALL", "SYSRET"; AMD64 APM Vol. 2, "SYSCALL and SYSRET".

bits 64

%include "trapFrame.inc"

extern system_call
global system_call_entry
global system_call_stack

USER_DATA equ 0x18 | RING_3       ; arch/x86_64/segments.ts has the same numbers
USER_CODE equ 0x20 | RING_3
SYSTEM_CALL_VECTOR equ 256        ; arch/x86_64/systemCall.ts has the same number

section .data
align 8
; system_call_stack: RSP at first, 16-byte aligned; userStack: the program's, for three instructions
system_call_stack: dq 0
userStack: dq 0

section .text
align 16
; system_call_entry: LSTAR points here; never called.
system_call_entry:
    mov [rel userStack], rsp
    mov rsp, [rel system_call_stack]
    push qword USER_DATA
    push qword [rel userStack]
    push r11
    push qword USER_CODE
    push rcx
    push rax
    push qword SYSTEM_CALL_VECTOR
    PUSH_REGISTERS
    mov rdi, rsp
    push qword 0                  ; the end of a stack trace
    push qword 0
    mov rbp, rsp
    call system_call
    add rsp, 16
    POP_REGISTERS
    add rsp, 16                   ; vector and error code
    mov rcx, [rsp]
    mov r11, [rsp + 16]
    mov rsp, [rsp + 24]
    o64 sysret
