; Entry of the kernel under the Limine boot protocol: the entry point of the ELF file.
;
; On entry   64-bit mode, paging on with the kernel at its linked address, IF = DF = 0, all general registers 0,
;            rsp = a stack of the loader's, in memory that the kernel will take back
; On exit    kernel_main() on the kernel's own stack, with rbp = 0 as the end of the chain of stack frames
;
;     kernel_stack                +4096                                   +4096 + 32768
;     | guard page, later unmapped | 32 KiB, grows down                  <- rsp |
;
; At a call rsp is a multiple of 16 ("System V ABI, AMD64 Architecture Processor Supplement", "The Stack Frame").
; "The Limine Boot Protocol", "Machine state at entry".

bits 64
default rel

KERNEL_STACK_TOP equ 4096 + 32768

extern kernel_stack
extern kernel_main

section .text.entry progbits alloc exec nowrite align=16

; From Limine, in the state above, into kernel_main on the kernel's stack; never returns.
global _start:function
_start:
  rdtsc
  shl rdx, 32
  or rax, rdx
  mov [boot_entry_ticks], rax
  lea rsp, [kernel_stack + KERNEL_STACK_TOP]
  xor ebp, ebp
  call kernel_main
.halt:
  cli
  hlt
  jmp .halt

; When the kernel was entered, in ticks of the time stamp counter. In .data: nothing may clear it afterwards.
section .data
align 8
global boot_entry_ticks:data
boot_entry_ticks: dq 0
