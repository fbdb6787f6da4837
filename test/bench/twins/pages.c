/*
 * The page mapper: four levels of tables in the frames of frames.c, range operations with the leaf table found once per
 * 2 MiB. A table counts its live entries, and goes with the last of them; huge leaves are split where a range ends.
 */
#include "twins.h"

#define PRESENT (1ul << 0)
#define WRITABLE (1ul << 1)
#define USER (1ul << 2)
#define WRITE_THROUGH (1ul << 3)
#define CACHE_DISABLE (1ul << 4)
#define PAT (1ul << 7)
#define HUGE (1ul << 7)
#define GLOBAL (1ul << 8)
#define HUGE_PAT (1ul << 12)
#define NO_EXECUTE (1ul << 63)
#define FRAME_MASK 0x000ffffffffff000ul
#define CHANGEABLE (WRITABLE | USER | WRITE_THROUGH | CACHE_DISABLE | PAT | GLOBAL | NO_EXECUTE)

#define KERNEL_DATA (GLOBAL | NO_EXECUTE | WRITABLE)

enum { ENTRIES = 512, FIRST_PAGES = 510, MAPPED_PAGES = 4096 };
#define HELD_PAGE 0xfffff80000000ul

enum map_result { MAPPED, ALREADY_MAPPED, INSIDE_HUGE_PAGE, OUT_OF_FRAMES };

struct table {
  u64 entries[ENTRIES];
};

/* Where the way to a page ends: at a leaf, at an entry that leads nowhere, or in a PT. */
struct place {
  struct table *table;
  u64 table_frame;
  u32 level;
};

struct mapping {
  u64 frame;
  u64 flags;
  u32 level;
};

/*
 * What the TLB may still hold: the first page's address, and in the low bits how many pages; ~0 in them is everything.
 */
typedef u64 flush;
#define NO_FLUSH 0ul
#define FLUSH_EVERYTHING 0xffful
#define NOTHING_CHANGED ~0ul

static struct table *root;
/* What is measured, unknown to gcc. */
static u64 first_page;
static u64 mapped_page;
static u64 flags;
static u64 range_pages;
static u64 mapped_pages;
/* The bits that this CPU lets entries hold. */
static u64 allowed = ~0ul;
static u32 attached[5];

static u32 table_index(u64 page, u32 level) { return (page >> (9 * (level - 1))) & 511; }
static u64 pages_per_leaf(u32 level) { return 1ul << (9 * (level - 1)); }
static bool is_user_page(u64 page) { return page >> 51 == 0; }
static u64 entry_frame(u64 entry) { return (entry & FRAME_MASK) >> PAGE_SHIFT; }
static bool is_table(u64 entry) { return (entry & (PRESENT | HUGE)) == PRESENT; }
static struct table *table_in(u64 frame) { return frame_address(frame); }
static struct table *table_under(u64 entry) { return (struct table *)(physmap_base + (entry & FRAME_MASK)); }
static flush flush_of_page(u64 page) { return page << PAGE_SHIFT | 1; }

static flush flush_of_pages(u64 first, u64 count) {
  if (count == 0) return NO_FLUSH;
  return count > 32 ? FLUSH_EVERYTHING : (first << PAGE_SHIFT | count);
}

/* How many of `left` entries there are in one table from entry `start` on. */
static u32 entries_from(u32 start, u64 left) { return left < ENTRIES - start ? (u32)left : ENTRIES - start; }

static void check_flags(u64 page, u64 flags) {
  if (((flags & GLOBAL) == 0) != is_user_page(page)) fail("pages of the kernel are global, and no others");
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* Walking down. */

/* The entry that leads to the PT of `page`, if there is one. */
static u64 *find_leaf_table(struct table *table, u64 page) {
  for (u32 level = 4; level > 2; level--) {
    u64 entry = table->entries[table_index(page, level)];
    if (!is_table(entry)) return NULL;
    table = table_under(entry);
  }
  u64 *entry = &table->entries[table_index(page, 2)];
  return is_table(*entry) ? entry : NULL;
}

/* As far towards `page` as tables go. */
static u64 *locate(struct table *table, u64 page, struct place *place) {
  u64 frame = NO_FRAME;
  u32 level = 4;
  u64 *entry = &table->entries[table_index(page, level)];
  while (level > 1 && is_table(*entry)) {
    frame = entry_frame(*entry);
    table = table_under(*entry);
    level--;
    entry = &table->entries[table_index(page, level)];
  }
  *place = (struct place){table, frame, level};
  return entry;
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* Tables come and go. */

static void count_live(u64 table, u32 count) { acquired_info(table)->live_entries += (u16)count; }

/* Whether the table is empty now. */
static bool count_emptied(u64 table, u32 count) { return (acquired_info(table)->live_entries -= (u16)count) == 0; }

static u64 acquire_table(u32 level) {
  u64 frame = frame_acquire_zeroed(OWNER_TABLE);
  if (frame != NO_FRAME) attached[level]++;
  return frame;
}

static bool attach_table(u64 *entry, u64 parent, u64 page, u32 level) {
  u64 frame = acquire_table(level);
  if (frame == NO_FRAME) return false;
  *entry = frame << PAGE_SHIFT | WRITABLE | PRESENT | (is_user_page(page) ? USER : 0);
  if (parent != NO_FRAME) count_live(parent, 1);
  return true;
}

static void free_table(u64 frame, u32 level) {
  attached[level]--;
  frame_release(frame);
}

/* Frees the lowest table on the way to `page` if it is empty. Those right under the kernel half of the root stay. */
static bool free_lowest_table(struct table *root, u64 page) {
  u64 parent = NO_FRAME, lowest = NO_FRAME;
  struct table *table = root;
  u64 *link = NULL;
  u32 level = 4;
  for (; level > 1; level--) {
    u64 *entry = &table->entries[table_index(page, level)];
    if (!is_table(*entry)) break;
    parent = lowest;
    lowest = entry_frame(*entry);
    link = entry;
    table = table_under(*entry);
  }
  if (lowest == NO_FRAME || acquired_info(lowest)->live_entries != 0) return false;
  if (parent == NO_FRAME && !is_user_page(page)) return false;
  *link = 0;
  free_table(lowest, level);
  if (parent != NO_FRAME) acquired_info(parent)->live_entries--;
  return true;
}

static void free_empty_tables(struct table *root, u64 page) {
  while (free_lowest_table(root, page));
}

/* The entry that leads to the PT of `page`, with all tables on the way made where they are missing. */
static u64 *attach_leaf_table(struct table *root, u64 page) {
  u64 frame = NO_FRAME;
  struct table *table = root;
  for (u32 level = 4; level > 1; level--) {
    u64 *entry = &table->entries[table_index(page, level)];
    if (*entry == 0 && !attach_table(entry, frame, page, level - 1)) break;
    if (!is_table(*entry)) break;
    if (level == 2) return entry;
    frame = entry_frame(*entry);
    table = table_under(*entry);
  }
  free_empty_tables(root, page);
  return NULL;
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* Asking. */

static bool find_huge_mapping(struct table *root, u64 page, struct mapping *mapping) {
  struct place place;
  u64 entry = *locate(root, page, &place);
  if (!(entry & PRESENT)) return false;
  mapping->frame = entry_frame(entry & ~HUGE_PAT) + (page & (pages_per_leaf(place.level) - 1));
  mapping->flags = (entry & ~FRAME_MASK & ~HUGE) | (entry & HUGE_PAT ? PAT : 0);
  mapping->level = place.level;
  return true;
}

static bool find_mapping(struct table *root, u64 page, struct mapping *mapping) {
  u64 *link = find_leaf_table(root, page);
  if (link == NULL) return find_huge_mapping(root, page, mapping);
  u64 leaf = table_under(*link)->entries[table_index(page, 1)];
  if (!(leaf & PRESENT)) return false;
  *mapping = (struct mapping){entry_frame(leaf), leaf & ~FRAME_MASK, 1};
  return true;
}

static enum map_result why_no_table(struct table *root, u64 page) {
  struct mapping mapping;
  return find_mapping(root, page, &mapping) && mapping.level > 1 ? INSIDE_HUGE_PAGE : OUT_OF_FRAMES;
}

static bool translate(struct table *root, u64 address, u64 *physical) {
  struct mapping mapping;
  if (!find_mapping(root, address >> PAGE_SHIFT, &mapping)) return false;
  *physical = (mapping.frame << PAGE_SHIFT) + (address & (PAGE_SIZE - 1));
  return true;
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* Runs in one table. */

static void check_run(u32 start, u32 count) {
  if (start + count > ENTRIES) fail("a run must lie in one table");
}

static u32 map_run(struct table *table, u32 start, u32 count, u64 frame, u64 flags) {
  check_run(start, count);
  u64 next = frame << PAGE_SHIFT | (flags & allowed) | PRESENT;
  for (u32 i = start; i < start + count; i++) {
    if (table->entries[i] != 0) return i - start;
    table->entries[i] = next;
    next += PAGE_SIZE;
  }
  return count;
}

static u32 clear_run(struct table *table, u32 start, u32 count) {
  check_run(start, count);
  u32 live = 0;
  for (u32 i = start; i < start + count; i++) {
    if (table->entries[i] != 0) live++;
    table->entries[i] = 0;
  }
  return live;
}

static void protect_run(struct table *table, u32 start, u32 count, u64 flags) {
  check_run(start, count);
  u64 change = flags & CHANGEABLE & allowed;
  for (u32 i = start; i < start + count; i++)
    if (table->entries[i] & PRESENT) table->entries[i] = (table->entries[i] & ~CHANGEABLE) | change;
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* Huge leaves. */

static bool split_leaf(u64 *entry, u32 level, u64 page) {
  u64 frame = acquire_table(level - 1);
  if (frame == NO_FRAME) return false;
  struct table *table = table_in(frame);
  u64 step = pages_per_leaf(level - 1) << PAGE_SHIFT;
  u64 leaf = level == 2 ? (*entry & ~HUGE & ~HUGE_PAT) | (*entry & HUGE_PAT ? PAT : 0) : *entry;
  for (u32 i = 0; i < ENTRIES; i++) table->entries[i] = leaf + i * step;
  count_live(frame, ENTRIES);
  *entry = frame << PAGE_SHIFT | WRITABLE | PRESENT | (is_user_page(page) ? USER : 0);
  return true;
}

/* Splits until no huge leaf reaches across the start of `page`. */
static bool split_before(struct table *root, u64 page) {
  struct place place;
  for (;;) {
    u64 *entry = locate(root, page, &place);
    if (!(*entry & PRESENT) || (page & (pages_per_leaf(place.level) - 1)) == 0) return true;
    if (!split_leaf(entry, place.level, page)) return false;
  }
}

static bool split_around(struct table *root, u64 first, u64 count) {
  return count == 0 || (split_before(root, first) && split_before(root, first + count));
}

static u64 pages_left_in(u64 page, u32 level) {
  u64 pages = pages_per_leaf(level);
  return pages - (page & (pages - 1));
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* Ranges. */

static flush unmap_range(struct table *root, u64 first, u64 count) {
  struct place place;
  if (!split_around(root, first, count)) return NOTHING_CHANGED;
  for (u64 done = 0; done < count;) {
    u64 page = first + done;
    u64 *entry = locate(root, page, &place);
    u32 live = 0;
    if (place.level == 1) {
      u32 start = table_index(page, 1);
      u32 wanted = entries_from(start, count - done);
      live = clear_run(place.table, start, wanted);
      done += wanted;
    } else {
      live = *entry != 0;
      *entry = 0;
      done += pages_left_in(page, place.level);
    }
    if (live != 0 && place.table_frame != NO_FRAME && count_emptied(place.table_frame, live))
      free_empty_tables(root, page);
  }
  return flush_of_pages(first, count);
}

static flush protect_range(struct table *root, u64 first, u64 count, u64 flags) {
  struct place place;
  check_flags(first, flags);
  if (!split_around(root, first, count)) return NOTHING_CHANGED;
  for (u64 done = 0; done < count;) {
    u64 page = first + done;
    u64 *entry = locate(root, page, &place);
    if (place.level == 1) {
      u32 start = table_index(page, 1);
      u32 wanted = entries_from(start, count - done);
      protect_run(place.table, start, wanted, flags);
      done += wanted;
    } else {
      u64 kept = *entry & ~(CHANGEABLE & ~PAT) & ~HUGE_PAT;
      u64 pat = flags & PAT ? HUGE_PAT : 0;
      if (*entry & PRESENT) *entry = kept | (flags & CHANGEABLE & ~PAT & allowed) | pat;
      done += pages_left_in(page, place.level);
    }
  }
  return flush_of_pages(first, count);
}

static enum map_result map_range(struct table *root, u64 first, u64 frame, u64 count, u64 flags) {
  check_flags(first, flags);
  for (u64 done = 0; done < count;) {
    u64 page = first + done;
    u64 *link = find_leaf_table(root, page);
    if (link == NULL) link = attach_leaf_table(root, page);
    if (link == NULL) {
      unmap_range(root, first, done);
      return why_no_table(root, page);
    }
    u32 start = table_index(page, 1);
    u32 wanted = entries_from(start, count - done);
    u32 mapped = map_run(table_under(*link), start, wanted, frame + done, flags);
    count_live(entry_frame(*link), mapped);
    done += mapped;
    if (mapped < wanted) {
      unmap_range(root, first, done);
      return ALREADY_MAPPED;
    }
  }
  return MAPPED;
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* One page. */

static enum map_result map_page(struct table *root, u64 page, u64 frame, u64 flags) {
  check_flags(page, flags);
  u64 *link = find_leaf_table(root, page);
  if (link == NULL) return map_range(root, page, frame, 1, flags);
  u64 *leaf = &table_under(*link)->entries[table_index(page, 1)];
  if (*leaf != 0) return ALREADY_MAPPED;
  *leaf = frame << PAGE_SHIFT | (flags & allowed) | PRESENT;
  count_live(entry_frame(*link), 1);
  return MAPPED;
}

static flush unmap_huge_part(struct table *root, u64 page, struct mapping *old) {
  return find_mapping(root, page, old) ? unmap_range(root, page, 1) : NOTHING_CHANGED;
}

static flush unmap_page(struct table *root, u64 page, struct mapping *old) {
  u64 *link = find_leaf_table(root, page);
  if (link == NULL) return unmap_huge_part(root, page, old);
  u64 *leaf = &table_under(*link)->entries[table_index(page, 1)];
  if (!(*leaf & PRESENT)) return NOTHING_CHANGED;
  *old = (struct mapping){entry_frame(*leaf), *leaf & ~FRAME_MASK, 1};
  *leaf = 0;
  if (count_emptied(entry_frame(*link), 1)) free_empty_tables(root, page);
  return flush_of_page(page);
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* Setting up, and what is measured. */

/* One page stays mapped: it holds the table of those that come and go. Others stay for `protect_range`. */
static void pages_init(void) {
  first_page = HELD_PAGE + 1;
  mapped_page = HELD_PAGE + ENTRIES;
  flags = KERNEL_DATA;
  range_pages = FIRST_PAGES;
  mapped_pages = MAPPED_PAGES;
  root = table_in(frame_acquire_zeroed(OWNER_TABLE));
  map_page(root, HELD_PAGE, 1, KERNEL_DATA);
  map_range(root, mapped_page, 1, MAPPED_PAGES, KERNEL_DATA);
}

u64 run_map_page(void) {
  struct mapping old;
  u64 sum = 0;
  for (u64 i = 0; i < FIRST_PAGES; i++) sum += map_page(root, first_page + i, i + 1, flags) == MAPPED;
  for (u64 i = 0; i < FIRST_PAGES; i++)
    if (unmap_page(root, first_page + i, &old) != NOTHING_CHANGED) sum += old.frame + old.level;
  return sum;
}

u64 run_translate(void) {
  struct mapping old;
  u64 sum = map_page(root, first_page, 7, flags);
  for (u64 i = 0; i < FIRST_PAGES; i++) {
    u64 physical;
    if (translate(root, (first_page << PAGE_SHIFT) + i * 8, &physical)) sum += physical;
  }
  if (unmap_page(root, first_page, &old) != NOTHING_CHANGED) sum++;
  return sum;
}

u64 run_map_range(void) {
  enum map_result result = map_range(root, first_page, 1, range_pages, flags);
  return result + (unmap_range(root, first_page, range_pages) != NOTHING_CHANGED);
}

u64 run_protect_range(void) {
  flush debt = protect_range(root, mapped_page, mapped_pages, flags);
  return debt == NOTHING_CHANGED ? 0 : debt;
}
