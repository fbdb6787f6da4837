; Entries under Multiboot2 (GRUB) and PVH (QEMU -kernel, Firecracker, Cloud Hypervisor), and the way into 64-bit mode.
;
; On entry   32-bit protected mode, paging off, flat segments, no stack, no promise about CR4 and EFER
;            Multiboot2: eax = 0x36d76289, ebx = physical address of the Multiboot2 information
;            PVH:        ebx = physical address of hvm_start_info
; On exit    loader_main(magic, information, physicalBase), which answers the kernel's Limine requests, then
;            kernel_main(), both in 64-bit mode on the kernel's own stack, rbp = 0, lower half unmapped: what Limine
;            itself would leave
;
; A relocating GRUB may load the image anywhere below 2 GiB at a multiple of 2 MiB. ebp holds the distance from
; where it is linked to where it is, so [ebp + PHYS(x)] is x. The image is linked in the higher half although this
; code runs in the lower.
;
; Temporary page tables, 2 MiB pages:
;
;     PML4[0], PML4[256] -> PDPT[0..3] -> 4 PDs   physical 0 .. 4 GiB; entry 0 only until the jump to the higher half
;     PML4[511] -> PDPT[510] -> PD[1..7]          the image: 0xffffffff80200000 -> 2 MiB + ebp
;
; When the command line has the word paging=5 and the processor five levels, PML5[0] and PML5[511] lead to that PML4:
; all addresses stay the same.
;
; "Multiboot2 Specification", "I386 machine state"; "x86/HVM direct boot ABI"; Intel SDM Vol. 3A, "Initializing
; IA-32e Mode".

KERNEL_OFFSET equ 0xffffffff80000000
KERNEL_LMA equ 0x200000
KERNEL_STACK_TOP equ 4096 + 32768
%define PHYS(symbol) ((symbol) - KERNEL_OFFSET)

extern kernel_stack
extern kernel_main
extern loader_main
extern boot_entry_ticks

; ----------------------------------------------------------------------------------------------------------------------
; Multiboot2 header. Its tags are 8-byte aligned. Flag 1: the loader may ignore the tag.

MULTIBOOT2_HEADER_MAGIC equ 0xe85250d6
MULTIBOOT2_I386 equ 0

section .multiboot2 progbits alloc noexec nowrite align=8
multiboot2_header:
  dd MULTIBOOT2_HEADER_MAGIC, MULTIBOOT2_I386
  dd multiboot2_header.end - multiboot2_header
  dd 0x100000000 - (MULTIBOOT2_HEADER_MAGIC + MULTIBOOT2_I386 + (multiboot2_header.end - multiboot2_header))

  align 8
.information:                   ; command line, loader name, modules, memory map, framebuffer, RSDP of ACPI 1 and 2
  dw 1, 1
  dd .information_end - .information
  dd 1, 2, 3, 6, 8, 14, 15
.information_end:

  align 8
  dw 3, 0                       ; entry address
  dd 12, PHYS(multiboot2_entry)

  align 8
  dw 5, 1                       ; framebuffer: preferred width, height, bits per pixel
  dd 20, 1024, 768, 32

  align 8
  dw 6, 0                       ; modules page-aligned
  dd 8

  align 8
  dw 10, 0                      ; relocatable: lowest and highest address, alignment, 1 = as low as possible
  dd 24, 0x100000, 0x80000000, 0x200000, 1

  align 8
  dw 0, 0                       ; end
  dd 8
.end:

; ----------------------------------------------------------------------------------------------------------------------
; PVH: an ELF note tells the physical address of the 32-bit entry.

XEN_ELFNOTE_PHYS32_ENTRY equ 18

section .note.pvh progbits alloc noexec nowrite align=4
  dd 4, 8, XEN_ELFNOTE_PHYS32_ENTRY   ; sizes of name and value, type
  db "Xen", 0
  dq PHYS(pvh_entry)

; ----------------------------------------------------------------------------------------------------------------------

HVM_START_MAGIC equ 0x336ec578

CR0_PE equ 1 << 0
CR0_MP equ 1 << 1
CR0_ET equ 1 << 4
CR0_NE equ 1 << 5
CR0_WP equ 1 << 16
CR0_PG equ 1 << 31
CR4_PAE equ 1 << 5
CR4_LA57 equ 1 << 12
MSR_EFER equ 0xc0000080
EFER_LME equ 1 << 8
EFER_NXE equ 1 << 11

EFLAGS_ID equ 1 << 21
CPUID_EXTENDED equ 0x80000000
CPUID_EXTENDED_FEATURES equ 0x80000001
CPUID_EDX_NX equ 1 << 20
CPUID_EDX_LM equ 1 << 29
CPUID_STRUCTURED_FEATURES equ 7
CPUID_ECX_LA57 equ 1 << 16

HVM_COMMAND_LINE equ 24                 ; in hvm_start_info
MULTIBOOT2_FIRST_TAG equ 8
MULTIBOOT2_TAG_END equ 0
MULTIBOOT2_TAG_COMMAND_LINE equ 1

PRESENT_WRITE equ 0x003
PRESENT_WRITE_LARGE equ 0x083
PML5_KERNEL equ 511
PML4_HHDM equ 256                       ; 0xffff800000000000
PML4_KERNEL equ 511                     ; 0xffffffff80000000 is entry 511,
PDPT_KERNEL equ 510                     ; then 510
LARGE_PAGE equ 0x200000
HHDM_GIBIBYTES equ 4
KERNEL_LARGE_PAGES equ 7                ; linker/kernel.ld keeps the image below 16 MiB

section .text.entry progbits alloc exec nowrite align=16
bits 32

; PVH leaves no magic in a register: the entry itself tells. loader_main checks the one in memory.
global pvh_entry:function
pvh_entry:
  mov eax, HVM_START_MAGIC

; eax = magic, ebx = information
global multiboot2_entry:function
multiboot2_entry:
  cli
  cld
  mov esi, eax

  ; Where are we? A call needs four bytes of stack, and the one place known to be memory is the information: its
  ; second word is lent and given back.
  mov edx, [ebx + 4]
  lea esp, [ebx + 8]
  call .here
.here:
  pop ebp
  mov [ebx + 4], edx
  sub ebp, PHYS(.here)
  lea esp, [ebp + PHYS(kernel_stack + KERNEL_STACK_TOP)]

  call check_cpu
  rdtsc
  mov [ebp + PHYS(boot_entry_ticks)], eax
  mov [ebp + PHYS(boot_entry_ticks) + 4], edx
  call choose_levels
  call fill_boot_tables
  call enable_paging

  ; The processor is in compatibility mode. A far return into a 64-bit code segment ends that.
  lea eax, [ebp + PHYS(gdt64)]
  push dword 0
  push eax
  push dword (gdt64.end - gdt64 - 1) << 16
  lgdt [esp + 2]
  push dword gdt64.code - gdt64
  lea eax, [ebp + PHYS(long_mode)]
  push eax
  retf

; Halts with a sentence on the serial port when the CPU is not enough. Keeps ebx, esi, ebp.
check_cpu:
  pushfd                        ; CPUID exists when its flag can be flipped
  pop eax
  mov ecx, eax
  xor eax, EFLAGS_ID
  push eax
  popfd
  pushfd
  pop eax
  xor eax, ecx
  mov edi, PHYS(no_cpuid)
  test eax, EFLAGS_ID
  jz refuse

  push ebx                      ; CPUID overwrites it
  mov eax, CPUID_EXTENDED
  cpuid
  xor edx, edx
  cmp eax, CPUID_EXTENDED_FEATURES
  jb .features
  mov eax, CPUID_EXTENDED_FEATURES
  cpuid
.features:
  pop ebx
  mov edi, PHYS(no_long_mode)
  test edx, CPUID_EDX_LM
  jz refuse
  mov edi, PHYS(no_execute_disable)
  test edx, CPUID_EDX_NX
  jz refuse
  ret

; edi = CR4 for the levels of paging that the command line asks for and the processor has. Keeps ebx, esi, ebp.
choose_levels:
  mov edi, CR4_PAE
  call find_command_line
  test edx, edx
  jz .done
  mov al, ' '                   ; what stands before the character at edx
.character:
  cmp al, ' '
  jne .next
  cmp dword [edx], 'pagi'
  jne .next
  cmp dword [edx + 4], 'ng=5'
  jne .next
  cmp byte [edx + 8], ' '
  jbe .asked                    ; a space, or the end
.next:
  mov al, [edx]
  inc edx
  test al, al
  jnz .character
.done:
  ret
.asked:
  push ebx                      ; CPUID overwrites it
  xor eax, eax
  cpuid
  cmp eax, CPUID_STRUCTURED_FEATURES
  jb .restore
  mov eax, CPUID_STRUCTURED_FEATURES
  xor ecx, ecx
  cpuid
  test ecx, CPUID_ECX_LA57
  jz .restore
  or edi, CR4_LA57
.restore:
  pop ebx
  ret

; edx = physical address of the zero-terminated command line, or 0. Changes only eax and ecx beside it.
find_command_line:
  xor edx, edx
  cmp esi, HVM_START_MAGIC
  je .hvm
  lea ecx, [ebx + MULTIBOOT2_FIRST_TAG]
.tag:
  cmp dword [ecx], MULTIBOOT2_TAG_END
  je .done
  cmp dword [ecx], MULTIBOOT2_TAG_COMMAND_LINE
  je .multiboot2
  mov eax, [ecx + 4]            ; tags start at multiples of 8
  add eax, 7
  and eax, ~7
  jz .done
  add ecx, eax
  jmp .tag
.multiboot2:
  lea edx, [ecx + 8]
.done:
  ret
.hvm:
  cmp dword [ebx], HVM_START_MAGIC
  jne .done
  mov edx, [ebx + HVM_COMMAND_LINE]
  ret

; The tables are in .bss, so all entries not written here are zero. Keeps ebx, esi, edi, ebp.
fill_boot_tables:
  push edi
  lea edi, [ebp + PHYS(boot_tables.pml5)]
  lea eax, [ebp + PHYS(boot_tables.pml4) + PRESENT_WRITE]
  mov [edi], eax
  mov [edi + PML5_KERNEL * 8], eax
  lea edi, [ebp + PHYS(boot_tables.pml4)]
  lea eax, [ebp + PHYS(boot_tables.low_pdpt) + PRESENT_WRITE]
  mov [edi], eax
  mov [edi + PML4_HHDM * 8], eax
  lea eax, [ebp + PHYS(boot_tables.kernel_pdpt) + PRESENT_WRITE]
  mov [edi + PML4_KERNEL * 8], eax
  lea eax, [ebp + PHYS(boot_tables.kernel_pd) + PRESENT_WRITE]
  mov [ebp + PHYS(boot_tables.kernel_pdpt) + PDPT_KERNEL * 8], eax

  lea edi, [ebp + PHYS(boot_tables.low_pdpt)]
  lea eax, [ebp + PHYS(boot_tables.low_pds) + PRESENT_WRITE]
  mov ecx, HHDM_GIBIBYTES
.pdpt_entry:
  mov [edi], eax
  add eax, 4096
  add edi, 8
  loop .pdpt_entry

  lea edi, [ebp + PHYS(boot_tables.low_pds)]
  mov eax, PRESENT_WRITE_LARGE
  mov ecx, HHDM_GIBIBYTES * 512
  call .large_pages
  lea edi, [ebp + PHYS(boot_tables.kernel_pd) + 8]
  lea eax, [ebp + KERNEL_LMA + PRESENT_WRITE_LARGE]
  mov ecx, KERNEL_LARGE_PAGES
  call .large_pages
  pop edi
  ret

; ecx entries from [edi] on, the first of them eax
.large_pages:
  mov [edi], eax
  add eax, LARGE_PAGE
  add edi, 8
  dec ecx
  jnz .large_pages
  ret

; Loaders leave different bits in the control registers, so each is written whole. The CPU has all of the bits set
; here: PAE belongs to long mode, check_cpu saw long mode and NX, choose_levels LA57. Everything else waits for the
; kernel to ask CPUID. edi = CR4.
enable_paging:
  mov eax, CR0_PE | CR0_MP | CR0_ET | CR0_NE | CR0_WP
  mov cr0, eax
  mov cr4, edi
  mov ecx, MSR_EFER
  mov eax, EFER_LME | EFER_NXE
  xor edx, edx
  wrmsr
  lea eax, [ebp + PHYS(boot_tables.pml4)]
  test edi, CR4_LA57
  jz .root
  lea eax, [ebp + PHYS(boot_tables.pml5)]
.root:
  mov cr3, eax
  mov eax, CR0_PG | CR0_PE | CR0_MP | CR0_ET | CR0_NE | CR0_WP
  mov cr0, eax
  ret

; ----------------------------------------------------------------------------------------------------------------------
; The end of a boot that cannot be: a sentence on COM1 (115200 baud, 8N1), then nothing more.

COM1 equ 0x3f8
LINE_STATUS equ COM1 + 5
TRANSMIT_EMPTY equ 0x20

; edi = linked physical address of the sentence, zero-terminated; does not return
refuse:
  add edi, ebp
  lea esi, [ebp + PHYS(serial_setup)]
.setup:
  lodsw                         ; al = register, ah = value
  movzx edx, al
  add edx, COM1
  mov al, ah
  out dx, al
  lea ecx, [ebp + PHYS(serial_setup.end)]
  cmp esi, ecx
  jb .setup
  mov esi, edi
.byte:
  lodsb
  test al, al
  jz .halt
  mov ah, al
  mov ecx, 100000               ; a port that does not drain is not waited for
.wait:
  mov edx, LINE_STATUS
  in al, dx
  test al, TRANSMIT_EMPTY
  loopz .wait
  mov edx, COM1
  mov al, ah
  out dx, al
  jmp .byte
.halt:
  cli
  hlt
  jmp .halt

; ----------------------------------------------------------------------------------------------------------------------
; 64-bit mode, still at the physical address. esi = magic, ebx = information, ebp = distance.

bits 64
default rel

long_mode:
  mov rax, .higher_half
  jmp rax
.higher_half:
  lgdt [gdt64_pointer]
  mov eax, gdt64.data - gdt64
  mov ss, eax
  mov ds, eax
  mov es, eax
  xor eax, eax
  mov fs, eax
  mov gs, eax
  lea rsp, [kernel_stack + KERNEL_STACK_TOP]

  mov qword [boot_tables.pml4], 0
  mov qword [boot_tables.pml5], 0
  mov rax, cr3
  mov cr3, rax

  mov edi, esi
  mov esi, ebx
  lea edx, [ebp + KERNEL_LMA]
  xor ebp, ebp
  call loader_main
  call kernel_main
.halt:
  cli
  hlt
  jmp .halt

; ----------------------------------------------------------------------------------------------------------------------

section .rodata
no_cpuid:
  db "Tessera stops: this processor has no CPUID instruction; a 64-bit x86 processor is needed.", 13, 10, 0
no_long_mode:
  db "Tessera stops: this processor has no 64-bit mode (long mode); a 64-bit x86 processor is needed.", 13, 10, 0
no_execute_disable:
  db "Tessera stops: this processor cannot make pages non-executable (NX), or the firmware has switched that off."
  db 13, 10, 0

; Pairs of register and value: interrupts off, divisor 1, 8N1, FIFOs on, ready.
serial_setup:
  db 1, 0x00, 3, 0x80, 0, 0x01, 1, 0x00, 3, 0x03, 2, 0xc7, 4, 0x03
.end:

; The processor sets the accessed bit of a descriptor it loads, so it is set beforehand and the table stays constant.
align 8
gdt64:
  dq 0
.code: dq 0x00209b0000000000    ; 64-bit, present, ring 0, execute/read
.data: dq 0x0000930000000000    ; present, ring 0, read/write
.end:
gdt64_pointer:
  dw gdt64.end - gdt64 - 1
  dq gdt64

section .bss align=4096
global boot_tables:data
boot_tables:
.pml5: resb 4096
.pml4: resb 4096
.low_pdpt: resb 4096
.low_pds: resb 4096 * HHDM_GIBIBYTES
.kernel_pdpt: resb 4096
.kernel_pd: resb 4096
