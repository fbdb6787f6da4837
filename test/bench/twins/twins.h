/*
 * What the twins share. Each twin is the C a C programmer would write for the algorithm of one kernel module, without
 * bounds checks: frames.c for kernel/mm/frameAllocator.ts and frames.ts, pages.c for pageMapper.ts, tables.ts and
 * hugeLeaves.ts, memoryMap.c for memoryMap.ts, numbers.c for kernel/console/format.ts. Broken invariants end the
 * program, as they do there.
 *
 * They make one unit, like the kernel's modules, so gcc may inline as much here as there.
 */
#ifndef TWINS_H
#define TWINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define PAGE_SHIFT 12
#define PAGE_SIZE 4096ul

/* Frame 0 is never handed out: "no frame". */
#define NO_FRAME 0ul

/* Random words for the routines that need some. */
enum { WORDS = 1024 };
static u64 words[WORDS];

/* Where physical address 0 appears. */
static u64 physmap_base;

static inline void *frame_address(u64 frame) { return (void *)(physmap_base + (frame << PAGE_SHIFT)); }

static _Noreturn __attribute__((cold)) void fail(const char *message);

#endif
