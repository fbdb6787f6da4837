; Causes of exceptions that TypeScript has no words for. test/metal/traps.ts calls each through a probe or for good.
;
; All take at most two arguments in rdi and rsi, keep the registers that the System V ABI AMD64 calls callee-saved, and
; return when the exception is handled and continues.

bits 64
section .text

TRAP_FLAG equ 1 << 8
DIRECTION_FLAG equ 1 << 10
CR0_TASK_SWITCHED equ 1 << 3
SOFTWARE_INTERRUPT_SIZE equ 4     ; test/metal/traps.ts has the same number
BAD_POINTER equ 0x00000badc0ffee00

global cause_divide_error
global cause_debug
global cause_breakpoint
global cause_invalid_opcode
global cause_device_not_available
global cause_x87_error
global cause_stack_segment
global cause_data_segment
global cause_damaged_frames
global cause_full_stack
global software_interrupts
global enter_like_cpu
global count_changed_registers

; #DE: divides by zero.
cause_divide_error:
    xor edx, edx
    xor ecx, ecx
    mov eax, 1
    div ecx
    ret

; #DB: sets the trap flag; the exception comes after the next instruction.
cause_debug:
    push rbp
    mov rbp, rsp
    pushfq
    or qword [rsp], TRAP_FLAG
    popfq
    nop
    pop rbp
    ret

; #BP, which continues.
cause_breakpoint:
    int3
    ret

; #UD: the instruction that is defined to be undefined.
cause_invalid_opcode:
    ud2

; #NM: an x87 instruction with CR0.TS set. Leaves CR0.TS set.
cause_device_not_available:
    mov rax, cr0
    or rax, CR0_TASK_SWITCHED
    mov cr0, rax
    fninit
    ret

; #MF: divides 1 by 0 on the x87 with that error unmasked; the next waiting instruction raises it.
cause_x87_error:
    push rbp
    mov rbp, rsp
    clts
    fninit
    sub rsp, 8
    mov word [rsp], 0x037b        ; as FNINIT leaves it, but zero-divide unmasked
    fldcw [rsp]
    add rsp, 8
    fld1
    fldz
    fdivp
    fwait
    pop rbp
    ret

; #SS or #GP: loads SS with the selector in di.
cause_stack_segment:
    mov ss, di
    ret

; #NP or #GP: loads DS with the selector in di.
cause_data_segment:
    mov ds, di
    ret

; #UD with an RBP that points nowhere.
cause_damaged_frames:
    mov rbp, BAD_POINTER
    ud2

; #UD with a few hundred bytes of stack left, where rdi points: the report runs out of stack.
cause_full_stack:
    mov rsp, rdi
    ud2

; software_interrupts: 256 routines, SOFTWARE_INTERRUPT_SIZE apart; number n executes `int n` and returns. A vector with
; an error code must not be raised so: the CPU pushes none.
software_interrupts:
%assign vector 0
%rep 256
    db 0xcd, vector, 0xc3, 0x90
%assign vector vector + 1
%endrep

; enter_like_cpu(rdi = stub, rsi = error code): goes to the stub of an exception with error code as the CPU would, for
; those that nothing in QEMU raises.
;
;     high  ss  rsp  rflags  cs  rip = .back  error code     <- rsp at the stub, aligned to 16
;     low
enter_like_cpu:
    mov rax, rsp
    and rsp, -16
    mov ecx, ss
    push rcx
    push rax
    pushfq
    mov ecx, cs
    push rcx
    lea rcx, [rel .back]
    push rcx
    push rsi
    jmp rdi
.back:
    ret

; The registers' patterns, for count_changed_registers.
%macro load_patterns 0
    mov rax, 0x0101010101010101
    mov rbx, 0x0202020202020202
    mov rcx, 0x0303030303030303
    mov rdx, 0x0404040404040404
    mov rsi, 0x0505050505050505
    mov rdi, 0x0606060606060606
    mov rbp, 0x0707070707070707
    mov r8, 0x0808080808080808
    mov r9, 0x0909090909090909
    mov r10, 0x0a0a0a0a0a0a0a0a
    mov r11, 0x0b0b0b0b0b0b0b0b
    mov r12, 0x0c0c0c0c0c0c0c0c
    mov r13, 0x0d0d0d0d0d0d0d0d
    mov r14, 0x0e0e0e0e0e0e0e0e
    mov r15, 0x0f0f0f0f0f0f0f0f
%endmacro

; check register, number of its pattern: the sum goes to the word on top of the stack. Changes the register.
%macro check 2
    push rax
    mov rax, 0x0101010101010101 * %2
    cmp %1, rax
    pop rax
    je %%same
    inc qword [rsp]
%%same:
%endmacro

; count_changed_registers() -> eax: how many registers do not survive an interrupt that the kernel handles and
; continues. The direction flag is set meanwhile, and is a register too.
;
;     high  return address, rbx rbp r12 .. r15     <- saved for the caller
;     low
count_changed_registers:
    push rbx
    push rbp
    push r12
    push r13
    push r14
    push r15
    push qword 0                  ; the sum
    load_patterns
    std
    int 0x80
    push rax
    pushfq
    pop rax
    cld
    test eax, DIRECTION_FLAG
    pop rax
    jnz .registers
    inc qword [rsp]
.registers:
    check rbx, 2
    check rcx, 3
    check rdx, 4
    check rsi, 5
    check rdi, 6
    check rbp, 7
    check r8, 8
    check r9, 9
    check r10, 10
    check r11, 11
    check r12, 12
    check r13, 13
    check r14, 14
    check r15, 15
    mov rbx, 0x0101010101010101
    cmp rax, rbx
    je .done
    inc qword [rsp]
.done:
    pop rax
    pop r15
    pop r14
    pop r13
    pop r12
    pop rbp
    pop rbx
    ret
