/*
 * The memory map: ranges become edges, edges are sorted and swept, and where ranges overlap the lowest rank wins. An
 * edge is frame << 5 | rank << 1 | start.
 */
#include "twins.h"

enum { MAX_REGIONS = 1024, MAX_EDGES = 6400, RANKS = 9, RANGES = 64 };
enum { USABLE, RESERVED, ACPI_RECLAIMABLE, ACPI_NVS, BAD, LOADER_RECLAIMABLE, KERNEL, FRAMEBUFFER, RESERVED_MAPPED };

struct range {
  u64 base;
  u64 length;
  u64 kind;
};

struct region {
  u64 first;
  u64 end;
  u32 kind;
};

static struct {
  u64 edges[MAX_EDGES];
  u32 edge_count;
  u32 active[16];
  u64 active_ranks;
  u64 limit;
} sweep;

static struct {
  struct region regions[MAX_REGIONS];
  u32 length;
  bool is_truncated;
} map;

static struct range ranges[RANGES];

static const u32 kind_of_rank[RANKS] = {FRAMEBUFFER, BAD,    RESERVED,         ACPI_NVS, RESERVED_MAPPED,
                                        KERNEL,      ACPI_RECLAIMABLE, LOADER_RECLAIMABLE, USABLE};

static u64 rank_of(u32 kind) {
  u64 rank = RANKS - 1;
  while (kind_of_rank[rank] != kind) rank--;
  return rank;
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* Edges. */

static u64 pages_for(u64 bytes) { return (bytes + PAGE_SIZE - 1) >> PAGE_SHIFT; }

static void add_edges(u64 first, u64 end, u32 kind) {
  if (first >= end) return;
  if (sweep.edge_count + 2 > MAX_EDGES) fail("too many memory ranges");
  u64 rank = rank_of(kind) << 1;
  sweep.edges[sweep.edge_count++] = first << 5 | rank | 1;
  sweep.edges[sweep.edge_count++] = end << 5 | rank;
}

static void add_inward(u64 base, u64 end, u32 kind) { add_edges(pages_for(base), end >> PAGE_SHIFT, kind); }
static void add_outward(u64 base, u64 end, u32 kind) { add_edges(base >> PAGE_SHIFT, pages_for(end), kind); }

static void add_reclaimable(u64 base, u64 end) {
  add_inward(base, end, LOADER_RECLAIMABLE);
  if (base % PAGE_SIZE != 0) add_outward(base, base + 1, RESERVED);
  if (end % PAGE_SIZE != 0) add_outward(end - 1, end, RESERVED);
}

static void add_range(const struct range *range) {
  if (range->length == 0 || range->base >= sweep.limit) return;
  u64 sum = range->base + range->length;
  bool overflows = sum < range->base;
  u64 end = overflows || sum > sweep.limit ? sweep.limit : sum;
  u32 kind = overflows || range->kind > RESERVED_MAPPED ? RESERVED : (u32)range->kind;
  if (kind == USABLE) add_inward(range->base, end, kind);
  else if (kind == LOADER_RECLAIMABLE) add_reclaimable(range->base, end);
  else add_outward(range->base, end, kind);
}

static void sort_edges(void) {
  for (u32 i = 1; i < sweep.edge_count; i++) {
    u64 edge = sweep.edges[i];
    u32 hole = i;
    for (; hole > 0 && sweep.edges[hole - 1] > edge; hole--) sweep.edges[hole] = sweep.edges[hole - 1];
    sweep.edges[hole] = edge;
  }
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* The sweep. */

static void pass_edge(u64 edge) {
  u32 rank = (edge >> 1) & 15;
  if (edge & 1) sweep.active[rank]++;
  else sweep.active[rank]--;
  if (sweep.active[rank] == 0) sweep.active_ranks &= ~(1ul << rank);
  else sweep.active_ranks |= 1ul << rank;
}

static void append_region(u64 first, u64 end, u32 kind) {
  if (map.length > 0) {
    struct region *last = &map.regions[map.length - 1];
    if (last->kind == kind && last->end == first) {
      last->end = end;
      return;
    }
  }
  if (map.length == MAX_REGIONS) {
    map.is_truncated = true;
    return;
  }
  map.regions[map.length++] = (struct region){first, end, kind};
}

static u64 frames_of_kind(u32 kind) {
  u64 frames = 0;
  for (u32 i = 0; i < map.length; i++)
    if (map.regions[i].kind == kind) frames += map.regions[i].end - map.regions[i].first;
  return frames;
}

static void finish(void) {
  sort_edges();
  map.length = 0;
  map.is_truncated = false;
  sweep.active_ranks = 0;
  for (u32 rank = 0; rank < 16; rank++) sweep.active[rank] = 0;
  u64 from = 0;
  for (u32 i = 0; i < sweep.edge_count; i++) {
    u64 edge = sweep.edges[i];
    u64 at = edge >> 5;
    if (at > from && sweep.active_ranks != 0) append_region(from, at, kind_of_rank[__builtin_ctzl(sweep.active_ranks)]);
    from = at;
    pass_edge(edge);
  }
  if (frames_of_kind(USABLE) == 0) fail("the memory map has no usable memory");
}

/* ------------------------------------------------------------------------------------------------------------------ */
/* Setting up, and what is measured. */

static void memory_map_init(void) {
  for (u32 i = 0; i < RANGES; i++) {
    u32 swapped = i % 16 == 15 ? i - 1 : i % 16 == 14 ? i + 1 : i;
    ranges[i].base = swapped * 0x800000ul + (i % 8 == 5 ? 0x123 : 0);
    ranges[i].length = i % 8 == 3 ? 0x900000 : 0x800000;
    ranges[i].kind = i % 4 == 1 ? RESERVED : i % 8 == 6 ? LOADER_RECLAIMABLE : USABLE;
  }
}

u64 run_memory_map(void) {
  sweep.limit = 1ul << 46;
  sweep.edge_count = 0;
  add_outward(0, PAGE_SIZE, RESERVED);
  for (u32 i = 0; i < RANGES; i++) add_range(&ranges[i]);
  finish();
  u64 sum = map.length;
  for (u32 i = 0; i < map.length; i++)
    sum += (map.regions[i].first ^ map.regions[i].end << 20) + map.regions[i].kind;
  return sum;
}
