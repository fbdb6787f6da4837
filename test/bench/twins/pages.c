/*
 * The page mapper: four levels of tables in the frames of frames.c, range operations with the leaf table found once per
 * 2 MiB.
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

enum { ENTRIES = 512, FIRST_PAGES = 512, RANGE_PAGES = 4096 };
#define FIRST_PAGE 0xfffff80000000ul

enum map_result { MAPPED, ALREADY_MAPPED, INSIDE_HUGE_PAGE, OUT_OF_FRAMES };

struct table {
  u64 entries[ENTRIES];
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
/* The bits that this CPU lets entries hold. */
static u64 allowed = ~0ul;
static u32 attached[5];

static u32 table_index(u64 page, int level) { return (page >> (9 * (level - 1))) & 511; }
static u64 entry_frame(u64 entry) { return (entry & FRAME_MASK) >> PAGE_SHIFT; }
static struct table *table_in(u64 frame) { return frame_address(frame); }
static flush flush_of_page(u64 page) { return page << PAGE_SHIFT | 1; }

static flush flush_of_pages(u64 first, u64 count) {
  if (count == 0) return NO_FLUSH;
  return count > 32 ? FLUSH_EVERYTHING : (first << PAGE_SHIFT | count);
}

/* How many of `left` leaves one table can hold from entry `start` on. */
static u32 pages_in_table(u32 start, u64 left) { return left < ENTRIES - start ? (u32)left : ENTRIES - start; }

/* ------------------------------------------------------------------------------------------------------------------ */
/* Walking down. */

static bool attach_table(u64 *entry, u64 page, int level) {
  u64 frame = frame_allocate_zeroed();
  if (frame == NO_FRAME) return false;
  *entry = frame << PAGE_SHIFT | WRITABLE | PRESENT | (page >> 51 == 0 ? USER : 0);
  attached[level]++;
  return true;
}

/* The PT that maps `page`, made where it is missing. */
static struct table *attach_leaf_table(struct table *table, u64 page) {
  for (int level = 4; level > 1; level--) {
    u64 *entry = &table->entries[table_index(page, level)];
    if (!(*entry & PRESENT) && !attach_table(entry, page, level - 1)) return NULL;
    if (*entry & HUGE) return NULL;
    table = table_in(entry_frame(*entry));
  }
  return table;
}

static struct table *find_leaf_table(struct table *table, u64 page) {
  for (int level = 4; level > 1; level--) {
    u64 entry = table->entries[table_index(page, level)];
    if (!(entry & PRESENT) || (entry & HUGE)) return NULL;
    table = table_in(entry_frame(entry));
  }
  return table;
}

static u64 *find_leaf(struct table *table, u64 page) {
  table = find_leaf_table(table, page);
  if (table == NULL) return NULL;
  u64 *leaf = &table->entries[table_index(page, 1)];
  return *leaf & PRESENT ? leaf : NULL;
}

static bool find_mapping(struct table *table, u64 page, struct mapping *mapping) {
  for (int level = 4; level > 1; level--) {
    u64 entry = table->entries[table_index(page, level)];
    if (!(entry & PRESENT)) return false;
    if (entry & HUGE) {
      u64 pages = 1ul << (9 * (level - 1));
      mapping->frame = entry_frame(entry & ~HUGE_PAT) + (page & (pages - 1));
      mapping->flags = (entry & ~FRAME_MASK & ~HUGE) | (entry & HUGE_PAT ? PAT : 0);
      mapping->level = (u32)level;
      return true;
    }
    table = table_in(entry_frame(entry));
  }
  u64 leaf = table->entries[table_index(page, 1)];
  if (!(leaf & PRESENT)) return false;
  mapping->frame = entry_frame(leaf);
  mapping->flags = leaf & ~FRAME_MASK;
  mapping->level = 1;
  return true;
}

static enum map_result why_no_leaf_table(struct table *table, u64 page) {
  struct mapping mapping;
  return find_mapping(table, page, &mapping) && mapping.level > 1 ? INSIDE_HUGE_PAGE : OUT_OF_FRAMES;
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* One page. */

static enum map_result map_page(struct table *top, u64 page, u64 frame, u64 flags) {
  struct table *table = attach_leaf_table(top, page);
  if (table == NULL) return why_no_leaf_table(top, page);
  u64 *leaf = &table->entries[table_index(page, 1)];
  if (*leaf & PRESENT) return ALREADY_MAPPED;
  *leaf = frame << PAGE_SHIFT | (flags & allowed) | PRESENT;
  return MAPPED;
}

static flush unmap_page(struct table *top, u64 page, struct mapping *old) {
  u64 *leaf = find_leaf(top, page);
  if (leaf == NULL) return NOTHING_CHANGED;
  *old = (struct mapping){entry_frame(*leaf), *leaf & ~FRAME_MASK, 1};
  *leaf = 0;
  return flush_of_page(page);
}

static bool translate(struct table *top, u64 address, u64 *physical) {
  struct mapping mapping;
  if (!find_mapping(top, address >> PAGE_SHIFT, &mapping)) return false;
  *physical = (mapping.frame << PAGE_SHIFT) + (address & (PAGE_SIZE - 1));
  return true;
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* Ranges. */

static u32 map_run(u64 *entries, u32 count, u64 frame, u64 flags) {
  u64 next = frame << PAGE_SHIFT | (flags & allowed) | PRESENT;
  for (u32 i = 0; i < count; i++) {
    if (entries[i] & PRESENT) return i;
    entries[i] = next;
    next += PAGE_SIZE;
  }
  return count;
}

static void clear_run(u64 *entries, u32 count) {
  for (u32 i = 0; i < count; i++) entries[i] = 0;
}

static void protect_run(u64 *entries, u32 count, u64 flags) {
  u64 change = flags & CHANGEABLE & allowed;
  for (u32 i = 0; i < count; i++)
    if (entries[i] & PRESENT) entries[i] = (entries[i] & ~CHANGEABLE) | change;
}

static bool has_huge_leaf(struct table *top, u64 first, u64 count) {
  struct mapping mapping;
  for (u64 done = 0; done < count;) {
    u64 page = first + done;
    if (find_mapping(top, page, &mapping) && mapping.level > 1) return true;
    done += pages_in_table(table_index(page, 1), count - done);
  }
  return false;
}

static flush unmap_range(struct table *top, u64 first, u64 count) {
  if (has_huge_leaf(top, first, count)) return NOTHING_CHANGED;
  for (u64 done = 0; done < count;) {
    u64 page = first + done;
    u32 start = table_index(page, 1);
    u32 wanted = pages_in_table(start, count - done);
    struct table *table = find_leaf_table(top, page);
    if (table != NULL) clear_run(&table->entries[start], wanted);
    done += wanted;
  }
  return flush_of_pages(first, count);
}

static flush protect_range(struct table *top, u64 first, u64 count, u64 flags) {
  if (has_huge_leaf(top, first, count)) return NOTHING_CHANGED;
  for (u64 done = 0; done < count;) {
    u64 page = first + done;
    u32 start = table_index(page, 1);
    u32 wanted = pages_in_table(start, count - done);
    struct table *table = find_leaf_table(top, page);
    if (table != NULL) protect_run(&table->entries[start], wanted, flags);
    done += wanted;
  }
  return flush_of_pages(first, count);
}

static enum map_result map_range(struct table *top, u64 first, u64 frame, u64 count, u64 flags) {
  for (u64 done = 0; done < count;) {
    u64 page = first + done;
    struct table *table = attach_leaf_table(top, page);
    if (table == NULL) {
      unmap_range(top, first, done);
      return why_no_leaf_table(top, page);
    }
    u32 start = table_index(page, 1);
    u32 wanted = pages_in_table(start, count - done);
    u32 mapped = map_run(&table->entries[start], wanted, frame + done, flags);
    done += mapped;
    if (mapped < wanted) {
      unmap_range(top, first, done);
      return ALREADY_MAPPED;
    }
  }
  return MAPPED;
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* Setting up, and what is measured. */

static void pages_init(void) {
  first_page = FIRST_PAGE;
  mapped_page = FIRST_PAGE + RANGE_PAGES;
  flags = KERNEL_DATA;
  range_pages = RANGE_PAGES;
  root = table_in(frame_allocate_zeroed());
  map_range(root, FIRST_PAGE, 1, RANGE_PAGES, KERNEL_DATA);
  unmap_range(root, FIRST_PAGE, RANGE_PAGES);
  map_range(root, mapped_page, 1, RANGE_PAGES, KERNEL_DATA);
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
  flush debt = protect_range(root, mapped_page, range_pages, flags);
  return debt == NOTHING_CHANGED ? 0 : debt;
}
