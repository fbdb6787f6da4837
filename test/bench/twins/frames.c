/*
 * The frame allocator: a bitmap with summaries above it, 1 = free, and a current word that allocation takes from.
 * Beside each word of free bits stands one that says which frames are ours at all. Then, for kernel/mm/frames.ts, what
 * is known about the frames in use.
 */
#include "twins.h"

#include <string.h>

enum { FRAMES = 8192, FRAME_WORDS = FRAMES / 64, SUMMARIES = 6, BITMAP_FRAME = 256 };

struct frame_word {
  u64 free;
  u64 managed;
};

struct summary {
  u64 *words;
  u64 length;
};

static struct {
  struct frame_word *words;
  u64 word_count;
  /* The lowest first; behind the last, which is one word, they are empty. */
  struct summary summaries[SUMMARIES];
  struct frame_word *current;
  u64 current_index;
  u64 current_base;
  u64 free_count;
} pool;

/* What is measured, unknown to gcc. */
static u64 run_frames;
static u64 run_alignment;
static u8 arena[FRAMES * PAGE_SIZE] __attribute__((aligned(4096)));

/* ------------------------------------------------------------------------------------------------------------------ */
/* Spans and summaries. */

static u64 frame_limit(void) { return pool.word_count << 6; }
static u64 bit_of(u64 number) { return 1ul << (number & 63); }
static u64 next_word(u64 at) { return (at | 63) + 1; }

/* The bits of a run in its first word, in its last, and in the word of `at`. */
static u64 bits_from(u64 first) { return ~0ul << (first & 63); }
static u64 bits_up_to(u64 last) { return ~0ul >> (~last & 63); }
static u64 span_mask(u64 at, u64 end) { return end >= next_word(at) ? bits_from(at) : bits_from(at) & ~bits_from(end); }

static void mark_word(u64 index) {
  u64 at = index;
  for (int level = 0; level < SUMMARIES; level++) {
    struct summary *summary = &pool.summaries[level];
    u64 word = at >> 6;
    if (word >= summary->length) return;
    u64 before = summary->words[word];
    summary->words[word] = before | bit_of(at);
    if (before != 0) return;
    at = word;
  }
}

static void mark_words(u64 first, u64 end) {
  u64 low = first;
  u64 high = end - 1;
  for (int level = 0; level < SUMMARIES && pool.summaries[level].length != 0; level++) {
    low >>= 6;
    high >>= 6;
    for (u64 at = low; at <= high; at = next_word(at)) {
      pool.summaries[level].words[at >> 6] |= span_mask(at, high + 1);
    }
  }
}

static void clear_word(u64 index) {
  if (pool.words[index].free != 0) return;
  u64 at = index;
  for (int level = 0; level < SUMMARIES; level++) {
    struct summary *summary = &pool.summaries[level];
    u64 word = at >> 6;
    if (word >= summary->length) return;
    u64 left = summary->words[word] & ~bit_of(at);
    summary->words[word] = left;
    if (left != 0) return;
    at = word;
  }
}

static u64 lowest_under(int level, u64 bit) {
  u64 at = bit;
  for (int below = level; below > 0; below--) {
    at = (at << 6) + (u64)__builtin_ctzl(pool.summaries[below - 1].words[at]);
  }
  return at;
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* Single frames. */

static bool next_word_with_free(u64 from, u64 *index) {
  u64 at = from;
  for (int level = 0; level < SUMMARIES; level++) {
    struct summary *summary = &pool.summaries[level];
    at >>= 6;
    if (at >= summary->length) return false;
    u64 marks = summary->words[at];
    if (marks == 0) continue;
    *index = lowest_under(level, (at << 6) + (u64)__builtin_ctzl(marks));
    return true;
  }
  return false;
}

static u64 take_lowest(struct frame_word *word, u64 base) {
  u64 free = word->free;
  word->free = free & (free - 1);
  pool.free_count--;
  return base + (u64)__builtin_ctzl(free);
}

static __attribute__((noinline)) u64 allocate_from_next_word(void) {
  u64 index;
  clear_word(pool.current_index);
  if (!next_word_with_free(pool.current_index, &index)) return NO_FRAME;
  pool.current = &pool.words[index];
  pool.current_index = index;
  pool.current_base = index << 6;
  return take_lowest(pool.current, pool.current_base);
}

static u64 frame_allocate(void) {
  struct frame_word *word = pool.current;
  if (word->free == 0) return allocate_from_next_word();
  return take_lowest(word, pool.current_base);
}

static u64 frame_allocate_zeroed(void) {
  u64 frame = frame_allocate();
  if (frame != NO_FRAME) memset(frame_address(frame), 0, PAGE_SIZE);
  return frame;
}

/* A frame of a word that had no free ones, or one that may not be freed. */
static __attribute__((noinline)) void free_rarely(u64 frame) {
  if (frame >= frame_limit()) fail("free of a foreign frame");
  struct frame_word *word = &pool.words[frame >> 6];
  if ((word->managed & bit_of(frame)) == 0) fail("free of a foreign frame");
  if ((word->free & bit_of(frame)) != 0) fail("double free");
  word->free |= bit_of(frame);
  pool.free_count++;
  mark_word(frame >> 6);
}

static void frame_free(u64 frame) {
  u64 index = frame >> 6;
  if (index >= pool.word_count) return free_rarely(frame);
  struct frame_word *word = &pool.words[index];
  u64 free = word->free;
  bool is_allocated = ((free ^ word->managed) >> (frame & 63)) & 1;
  if (free == 0 || !is_allocated) return free_rarely(frame);
  word->free = free | bit_of(frame);
  pool.free_count++;
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* Runs. */

/* The first frame of the next word, from this one on, that is marked; or the limit. */
static u64 skip_empty_words(u64 index) {
  u64 at = index;
  for (int level = 0; level < SUMMARIES; level++) {
    struct summary *summary = &pool.summaries[level];
    u64 word = at >> 6;
    if (word >= summary->length) return frame_limit();
    u64 marks = summary->words[word] & bits_from(at);
    if (marks != 0) return lowest_under(level, (word << 6) + (u64)__builtin_ctzl(marks)) << 6;
    at = word + 1;
  }
  return frame_limit();
}

/* The first free frame from `from` on, or the limit. */
static u64 next_free(u64 from) {
  u64 at = from;
  while (at < frame_limit()) {
    u64 index = at >> 6;
    u64 free = pool.words[index].free & bits_from(at);
    if (free != 0) return (index << 6) + (u64)__builtin_ctzl(free);
    at = skip_empty_words(index + 1);
  }
  return frame_limit();
}

static u64 first_not_free(u64 first, u64 last) {
  u64 mask = bits_from(first);
  for (u64 index = first >> 6; index < last >> 6; index++) {
    u64 taken = mask & ~pool.words[index].free;
    if (taken != 0) return (index << 6) + (u64)__builtin_ctzl(taken);
    mask = ~0ul;
  }
  u64 taken = mask & bits_up_to(last) & ~pool.words[last >> 6].free;
  return taken == 0 ? last + 1 : (last & ~63ul) + (u64)__builtin_ctzl(taken);
}

static void take_bits(u64 index, u64 mask) {
  pool.words[index].free &= ~mask;
  clear_word(index);
}

static void take_run(u64 first, u64 last) {
  u64 mask = bits_from(first);
  for (u64 index = first >> 6; index < last >> 6; index++) {
    take_bits(index, mask);
    mask = ~0ul;
  }
  take_bits(last >> 6, mask & bits_up_to(last));
}

static void give_bits(u64 index, u64 mask) {
  u64 free = pool.words[index].free;
  pool.words[index].free = free | mask;
  if (free == 0) mark_word(index);
}

static void give_run(u64 first, u64 last) {
  u64 mask = bits_from(first);
  for (u64 index = first >> 6; index < last >> 6; index++) {
    give_bits(index, mask);
    mask = ~0ul;
  }
  give_bits(last >> 6, mask & bits_up_to(last));
}

static void require_bits(u64 index, u64 mask) {
  struct frame_word *word = &pool.words[index];
  if ((mask & ~(word->free ^ word->managed)) != 0) fail("double free");
}

static void require_allocated(u64 first, u64 last) {
  u64 mask = bits_from(first);
  for (u64 index = first >> 6; index < last >> 6; index++) {
    require_bits(index, mask);
    mask = ~0ul;
  }
  require_bits(last >> 6, mask & bits_up_to(last));
}

static u64 frames_allocate(u64 count, u64 alignment) {
  if (count == 0) fail("a run has at least one frame");
  if (alignment == 0 || (alignment & (alignment - 1)) != 0) fail("the alignment is no power of two");
  if (count > frame_limit()) return NO_FRAME;
  u64 start = next_free(0);
  while (start < frame_limit()) {
    u64 first = (start + alignment - 1) & ~(alignment - 1);
    if (first + count > frame_limit()) return NO_FRAME;
    u64 blocked = first_not_free(first, first + count - 1);
    if (blocked == first + count) {
      take_run(first, first + count - 1);
      pool.free_count -= count;
      return first;
    }
    start = next_free(blocked + 1);
  }
  return NO_FRAME;
}

static void frames_free(u64 first, u64 count) {
  if (count == 0) fail("a run has at least one frame");
  if (count > frame_limit() || first + count > frame_limit()) fail("free of a foreign run");
  require_allocated(first, first + count - 1);
  give_run(first, first + count - 1);
  pool.free_count += count;
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* What is known about frames in use. A directory entry is the address of a part, biased, and says if it is closed. */

enum { PART_SHIFT = 8, PART_FRAMES = 1 << PART_SHIFT };
#define CLOSED 1ul
#define FRESH 2ul

enum frame_owner { OWNER_FREE, OWNER_TABLE };

struct frame_info {
  u8 owner;
  u8 flags;
  u16 live_entries;
  u32 references;
  u64 mapping;
};

static struct {
  u64 *entries;
  u64 length;
  u64 next;
  u64 left;
} directory;

static struct frame_info *info_in(u64 part, u64 frame) {
  return (struct frame_info *)(part + frame * sizeof(struct frame_info));
}

static struct frame_info *acquired_info(u64 frame) {
  return info_in(directory.entries[frame >> PART_SHIFT] & ~(CLOSED | FRESH), frame);
}

static u64 open_part(u64 frame) {
  u64 index = frame >> PART_SHIFT;
  if (index >= directory.length || directory.entries[index] == CLOSED) fail("the frame is not managed");
  u64 part = directory.entries[index] & ~(CLOSED | FRESH);
  if (directory.entries[index] & FRESH) {
    memset(info_in(part, index << PART_SHIFT), 0, PAGE_SIZE);
    directory.entries[index] = part;
  }
  return part;
}

static void start_use(struct frame_info *info, enum frame_owner owner) {
  *info = (struct frame_info){.owner = (u8)owner, .references = 1};
}

static u64 frame_acquire(enum frame_owner owner) {
  u64 frame = frame_allocate();
  if (frame == NO_FRAME) return NO_FRAME;
  u64 part = directory.entries[frame >> PART_SHIFT];
  if (part & CLOSED) part = open_part(frame);
  start_use(info_in(part, frame), owner);
  return frame;
}

static u64 frame_acquire_zeroed(enum frame_owner owner) {
  u64 frame = frame_acquire(owner);
  if (frame != NO_FRAME) memset(frame_address(frame), 0, PAGE_SIZE);
  return frame;
}

static void frame_release(u64 frame) {
  if (frame >> PART_SHIFT >= directory.length) fail("the frame is not managed");
  u64 part = directory.entries[frame >> PART_SHIFT];
  if (part & CLOSED) part = open_part(frame);
  struct frame_info *info = info_in(part, frame);
  if (info->references == 0) fail("the frame is not acquired");
  if (--info->references != 0) return;
  info->owner = OWNER_FREE;
  info->flags = 0;
  frame_free(frame);
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* Setting up, and what is measured. */

/* A run aligned to 1 MiB, if there is one. */
static u64 reserve(u64 count) {
  u64 first = frames_allocate(count, PART_FRAMES);
  return first != NO_FRAME ? first : frames_allocate(count, 1);
}

static void start_run(void) {
  for (u64 count = directory.length; count != 0; count >>= 1) {
    directory.next = reserve(count);
    directory.left = count;
    if (directory.next != NO_FRAME) return;
  }
  fail("no memory for what is to be known about frames");
}

static void infos_init(void) {
  directory.length = (frame_limit() + PART_FRAMES - 1) >> PART_SHIFT;
  directory.entries = frame_address(reserve((directory.length * 8 + PAGE_SIZE - 1) / PAGE_SIZE));
  for (u64 i = 0; i < directory.length; i++) {
    if (directory.left == 0) start_run();
    u64 address = (u64)frame_address(directory.next++) - (i << PART_SHIFT) * sizeof(struct frame_info);
    directory.entries[i] = address | CLOSED | FRESH;
    directory.left--;
  }
  if (directory.left != 0) frames_free(directory.next, directory.left);
}

static void add_frames(u64 first, u64 end) {
  for (u64 at = first; at < end; at = next_word(at)) {
    pool.words[at >> 6].free |= span_mask(at, end);
    pool.words[at >> 6].managed |= span_mask(at, end);
  }
  mark_words(first, end);
  pool.free_count += end - first;
}

/* All of the arena but frame 0 and the one that the bitmap lies in. */
static void frames_init(void) {
  static struct frame_word no_word;
  physmap_base = (u64)arena;
  pool.words = frame_address(BITMAP_FRAME);
  pool.word_count = FRAME_WORDS;
  u64 *next = (u64 *)(pool.words + FRAME_WORDS);
  u64 length = FRAME_WORDS / 64;
  for (int level = 0; length != 0; level++) {
    pool.summaries[level] = (struct summary){next, length};
    next += length;
    length = length > 1 ? (length + 63) / 64 : 0;
  }
  pool.current = &no_word;
  run_frames = 100;
  run_alignment = 128;
  add_frames(1, BITMAP_FRAME);
  add_frames(BITMAP_FRAME + 1, FRAMES);
  infos_init();
}

u64 run_frame_pair(void) {
  u64 sum = 0;
  for (int i = 0; i < 10000; i++) {
    u64 frame = frame_allocate();
    if (frame == NO_FRAME) continue;
    sum += frame;
    frame_free(frame);
  }
  return sum;
}

u64 run_frame_fill(void) {
  static u64 frames[4096];
  u64 sum = 0;
  for (int i = 0; i < 4096; i++) {
    frames[i] = frame_allocate();
    sum += frames[i];
  }
  for (int i = 0; i < 4096; i++) frame_free(frames[i]);
  return sum;
}

u64 run_frame_run(void) {
  u64 sum = 0;
  for (int i = 0; i < 1000; i++) {
    u64 first = frames_allocate(run_frames, run_alignment);
    if (first == NO_FRAME) continue;
    sum += first;
    frames_free(first, run_frames);
  }
  return sum;
}
