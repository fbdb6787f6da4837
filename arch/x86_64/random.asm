; Random numbers of the processor: what it knows that nobody else does.
;
; Intel SDM Vol. 2B, "RDRAND", "RDSEED": when no number is ready, the register is zero.

bits 64
section .text

global random_word
global seed_word

; random_word() -> rax: a random word; 0: there is none yet. For processors with RDRAND.
random_word:
    rdrand rax
    ret

; seed_word() -> rax: the same with RDSEED, which takes longer and is what generators are seeded by.
seed_word:
    rdseed rax
    ret
