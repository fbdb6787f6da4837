; One attack for each door out of ring 3, each in a child of its own. The child that gets through says so; the parent
; tells for each the signal that ended it.

%include "program.inc"

KERNEL_TEXT equ 0xffffffff80200000
DIRECT_MAP equ 0xffff800000000000

section .data
align 8
status: dq 0

; ATTACK name: what follows, up to the next one, runs in a child
%macro ATTACK 1
    SAY %1
    CALL_KERNEL SYS_FORK
    test rax, rax
    jnz %%parent
    call %%attack
    SAY ` got through\n`
    EXIT 0
%%parent:
    CALL_KERNEL SYS_WAIT4, -1, status, 0, 0
    SAY ": signal "
    movzx eax, byte [status]
    call print_number
    SAY `\n`
    jmp %%next
    %push attack
    %define %$next %%next
%%attack:
%endmacro

%macro END_ATTACK 0
    ret
%$next:
    %pop
%endmacro

section .text
program:
    ATTACK "read of kernel text"
        mov rax, KERNEL_TEXT
        mov rax, [rax]
    END_ATTACK
    ATTACK "read of the direct map"
        mov rax, DIRECT_MAP
        mov rax, [rax]
    END_ATTACK
    ATTACK "write to kernel text"
        mov rax, KERNEL_TEXT
        mov [rax], rax
    END_ATTACK
    ATTACK "jump into the kernel"
        mov rax, KERNEL_TEXT
        call rax
    END_ATTACK
    ATTACK "read at 0"
        mov rax, [0]
    END_ATTACK
    ATTACK "read of an address that is not canonical"
        mov rax, 0x8000000000000000
        mov rax, [rax]
    END_ATTACK
    ATTACK "write to its own text"
        mov [program], rax
    END_ATTACK
    ATTACK "jump to the stack"
        push 0xc3
        call rsp
        pop rax
    END_ATTACK
    ATTACK "jump to data"
        mov rax, status
        call rax
    END_ATTACK
    ATTACK "cli"
        cli
    END_ATTACK
    ATTACK "hlt"
        hlt
    END_ATTACK
    ATTACK "in"
        mov dx, 0x3f8
        in al, dx
    END_ATTACK
    ATTACK "out"
        mov dx, 0x3f8
        out dx, al
    END_ATTACK
    ATTACK "write of CR3"
        mov rax, cr3
        mov cr3, rax
    END_ATTACK
    ATTACK "write of CR4"
        xor eax, eax
        mov cr4, rax
    END_ATTACK
    ATTACK "wrmsr"
        mov ecx, 0xc0000082
        xor eax, eax
        xor edx, edx
        wrmsr
    END_ATTACK
    ATTACK "rdmsr"
        mov ecx, 0xc0000082
        rdmsr
    END_ATTACK
    ATTACK "lgdt"
        lgdt [status]
    END_ATTACK
    ATTACK "lidt"
        lidt [status]
    END_ATTACK
    ATTACK "ltr"
        mov ax, 0x28
        ltr ax
    END_ATTACK
    ATTACK "sgdt"
        sub rsp, 16
        sgdt [rsp]
        add rsp, 16
    END_ATTACK
    ATTACK "invlpg"
        invlpg [status]
    END_ATTACK
    ATTACK "wbinvd"
        wbinvd
    END_ATTACK
    ATTACK "swapgs"
        swapgs
    END_ATTACK
    ATTACK "iretq to ring 0"
        mov rax, rsp
        push 0x10
        push rax
        push 0x2
        push 0x08
        push program
        iretq
    END_ATTACK
    ATTACK "sysret"
        o64 sysret
    END_ATTACK
    ATTACK "int of an exception"
        int 13
    END_ATTACK
    ATTACK "int of the double fault"
        int 8
    END_ATTACK
    ATTACK "kernel data segment"
        mov eax, 0x10
        mov ss, ax
    END_ATTACK
    ATTACK "I/O privilege by popfq"
        push 0x3202
        popfq
        cli
    END_ATTACK
    ATTACK "ud2"
        ud2
    END_ATTACK
    ATTACK "division by zero"
        xor edx, edx
        xor ecx, ecx
        div ecx
    END_ATTACK
    ATTACK "int3"
        int3
    END_ATTACK
    ATTACK "stack that does not end"
deeper:
        push rax
        jmp deeper
    END_ATTACK
    EXIT 0
