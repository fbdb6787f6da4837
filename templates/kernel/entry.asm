; The way from QEMU's direct boot (PVH) to kernel_main: what no compiler can do, for there is no stack yet.
;
; On entry   32-bit protected mode, paging off, flat segments, no stack; ebx = physical address of hvm_start_info
; On exit    kernel_main(), in 64-bit mode, interrupts off, on the stack below
;
; Page tables, 2 MiB pages:
;
;     PML4[0] -> PDPT[0] -> PD[0..511]   addresses 0 .. 1 GiB are physical addresses, readable, writable, executable
;
; "x86/HVM direct boot ABI"; Intel SDM Vol. 3A, "Initializing IA-32e Mode".

extern kernel_main

XEN_ELFNOTE_PHYS32_ENTRY equ 18
PRESENT_WRITE equ 0x003
PRESENT_WRITE_LARGE equ 0x083
LARGE_PAGE equ 0x200000
CR4_PAE equ 1 << 5
MSR_EFER equ 0xc0000080
EFER_LME equ 1 << 8
CR0_PG_PE equ 1 << 31 | 1
STACK_BYTES equ 16384

; PVH: an ELF note tells the physical address of the 32-bit entry.
section .note.pvh progbits alloc noexec nowrite align=4
  dd 4, 8, XEN_ELFNOTE_PHYS32_ENTRY   ; sizes of name and value, type
  db "Xen", 0
  dq entry

section .text progbits alloc exec nowrite align=16
bits 32

; Where QEMU jumps to. Does not return.
global entry:function
entry:
  cli
  cld
  mov dword [pml4], pdpt + PRESENT_WRITE
  mov dword [pdpt], pd + PRESENT_WRITE
  mov edi, pd
  mov eax, PRESENT_WRITE_LARGE
  mov ecx, 512
.large_page:
  mov [edi], eax
  add eax, LARGE_PAGE
  add edi, 8
  loop .large_page

  mov eax, CR4_PAE
  mov cr4, eax
  mov eax, pml4
  mov cr3, eax
  mov ecx, MSR_EFER
  mov eax, EFER_LME
  xor edx, edx
  wrmsr
  mov eax, CR0_PG_PE
  mov cr0, eax
  lgdt [gdt_pointer]
  jmp gdt.code - gdt:long_mode

bits 64
long_mode:
  mov eax, gdt.data - gdt
  mov ss, eax
  mov ds, eax
  mov es, eax
  lea rsp, [rel stack + STACK_BYTES]
  xor ebp, ebp
  call kernel_main
.halt:
  cli
  hlt
  jmp .halt

section .rodata
align 8
gdt:
  dq 0
.code: dq 0x00209b0000000000    ; 64-bit, present, ring 0, execute/read
.data: dq 0x0000930000000000    ; present, ring 0, read/write
.end:
gdt_pointer:
  dw gdt.end - gdt - 1
  dd gdt

section .bss align=4096
pml4: resb 4096
pdpt: resb 4096
pd: resb 4096
stack: resb STACK_BYTES
