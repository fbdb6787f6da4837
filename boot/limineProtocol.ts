/**
 * The Limine boot protocol as data: what the kernel asks (requests, in its own image) and what it is told
 * (responses, in memory of the loader).
 *
 *     .limine_requests_start   start marker    } linker/kernel.ld keeps the three sections in this order. A loader
 *     .limine_requests         revision tag,   } looks for requests between the markers, at multiples of 8 bytes,
 *                              requests        } and writes the address of its answer into `response`.
 *     .limine_requests_end     end marker      }
 *
 * Under GRUB and PVH boot/loader/ fills the same `response` fields. Addresses in responses are virtual, in the
 * loader's direct map, unless the field says otherwise. Older loaders skip requests they do not know: `response`
 * stays 0.
 *
 * "The Limine Boot Protocol", "Requests Delimiters", "Base protocol revisions", "Feature List".
 */

// --- Requests --------------------------------------------------------------------------------------------------------

const REVISION_TAG_0: u64 = 0xf956_2b2d_5c95_a6c8n;
const REVISION_TAG_1: u64 = 0x6a7b_3849_4453_6bdcn;
const COMMON_ID_0: u64 = 0xc7b1_dd30_df4c_8b88n;
const COMMON_ID_1: u64 = 0x0a82_e883_a194_f07bn;

/** What `followed` holds as long as no loader has written it: the second half of the tag's magic number. */
export const REVISION_NOT_TOLD: u64 = REVISION_TAG_1;
/** What the kernel asks for. */
export const REQUESTED_REVISION: u64 = 3n;
/** Modes of page tables, for the request and its response. */
export const FOUR_LEVEL_PAGING: u64 = 0n;
export const FIVE_LEVEL_PAGING: u64 = 1n;

/**
 * The loader writes 0 into `requested` when it follows that revision. Loaders since Limine 9 also write the
 * revision they follow into `followed`, older ones leave it alone.
 */
export class RevisionTag {
  magic: u64 = REVISION_TAG_0;
  followed: Volatile<u64> = REVISION_TAG_1;
  requested: Volatile<u64> = REQUESTED_REVISION;
}
staticAssert(sizeOf<RevisionTag>() === 24n);

export class Request {
  id: FixedArray<u64, 4>;
  revision: u64;
  /** Address of the response; 0: not answered. */
  response: Volatile<u64>;
}
staticAssert(sizeOf<Request>() === 48n);

/** The mode that the kernel likes best, the highest and the lowest that it can do. */
export class PagingModeRequest {
  request: Request;
  mode: u64;
  maxMode: u64;
  minMode: u64;
}
staticAssert(sizeOf<PagingModeRequest>() === 72n);

class StartMarker {
  words: FixedArray<u64, 4>;
}

class EndMarker {
  words: FixedArray<u64, 2>;
}

export const startMarker: StartMarker = placed(".limine_requests_start", {
  words: [0xf6b8_f4b3_9de7_d1aen, 0xfab9_1a69_40fc_b9cfn, 0x785c_6ed0_15d3_e316n, 0x181e_920a_7852_b9d9n],
});
export const endMarker: EndMarker = placed(".limine_requests_end", {
  words: [0xadc0_e053_1bb1_0d03n, 0x9572_709f_3176_4c62n],
});
export const revisionTag = placed(".limine_requests", new RevisionTag());

export const loaderInfoRequest: Request = placed(".limine_requests", {
  id: [COMMON_ID_0, COMMON_ID_1, 0xf550_38d8_e2a1_202fn, 0x2794_26fc_f5f5_9740n],
  revision: 0n,
  response: 0n,
});
export const hhdmRequest: Request = placed(".limine_requests", {
  id: [COMMON_ID_0, COMMON_ID_1, 0x48dc_f1cb_8ad2_b852n, 0x6398_4e95_9a98_244bn],
  revision: 0n,
  response: 0n,
});
export const memoryMapRequest: Request = placed(".limine_requests", {
  id: [COMMON_ID_0, COMMON_ID_1, 0x67cf_3d9d_378a_806fn, 0xe304_acdf_c50c_3c62n],
  revision: 0n,
  response: 0n,
});
export const kernelAddressRequest: Request = placed(".limine_requests", {
  id: [COMMON_ID_0, COMMON_ID_1, 0x71ba_7686_3cc5_5f63n, 0xb264_4a48_c516_a487n],
  revision: 0n,
  response: 0n,
});
/** Its command line: the request for the command line alone is known since Limine 9 only. */
export const kernelFileRequest: Request = placed(".limine_requests", {
  id: [COMMON_ID_0, COMMON_ID_1, 0xad97_e90e_83f1_ed67n, 0x31eb_5d1c_5ff2_3b69n],
  revision: 0n,
  response: 0n,
});
export const moduleRequest: Request = placed(".limine_requests", {
  id: [COMMON_ID_0, COMMON_ID_1, 0x3e7e_2797_02be_32afn, 0xca1c_4f3b_d128_0ceen],
  revision: 0n,
  response: 0n,
});
export const framebufferRequest: Request = placed(".limine_requests", {
  id: [COMMON_ID_0, COMMON_ID_1, 0x9d58_27dc_d881_dd75n, 0xa314_8604_f6fa_b11bn],
  revision: 0n,
  response: 0n,
});
export const rsdpRequest: Request = placed(".limine_requests", {
  id: [COMMON_ID_0, COMMON_ID_1, 0xc5e7_7b6b_397e_7b43n, 0x2763_7845_accd_cf3cn],
  revision: 0n,
  response: 0n,
});
export const pagingModeRequest: PagingModeRequest = placed(".limine_requests", {
  request: {
    id: [COMMON_ID_0, COMMON_ID_1, 0x95c1_a0ed_ab09_44cbn, 0xa4e5_cb38_42f7_488an],
    revision: 1n,
    response: 0n,
  },
  mode: FOUR_LEVEL_PAGING,
  maxMode: FIVE_LEVEL_PAGING,
  minMode: FOUR_LEVEL_PAGING,
});

// --- Responses -------------------------------------------------------------------------------------------------------

export class LoaderInfoResponse {
  revision: u64;
  /** Zero-terminated texts. */
  name: u64;
  version: u64;
}

export class HhdmResponse {
  revision: u64;
  offset: u64;
}

export class MemoryMapResponse {
  revision: u64;
  count: u64;
  /** Address of `count` addresses of RawMemoryRange. */
  entries: u64;
}

export class KernelAddressResponse {
  revision: u64;
  physicalBase: u64;
  virtualBase: u64;
}

/** A file in memory: the kernel's own, or a module. What follows (media type, partition, ...) is not read. */
export class LimineFile {
  revision: u64;
  address: u64;
  size: u64;
  /** Zero-terminated texts. */
  path: u64;
  commandLine: u64;
}

export class KernelFileResponse {
  revision: u64;
  /** Address of a LimineFile. */
  file: u64;
}

export class ModuleResponse {
  revision: u64;
  count: u64;
  /** Address of `count` addresses of LimineFile. */
  modules: u64;
}

export class FramebufferResponse {
  revision: u64;
  count: u64;
  /** Address of `count` addresses of LimineFramebuffer. */
  framebuffers: u64;
}

/** The one memory model there is: red, green and blue in bit fields of their own. */
export const FRAMEBUFFER_RGB: u8 = 1;

/** What follows (EDID, further modes) is not read. */
export class LimineFramebuffer {
  address: u64;
  width: u64;
  height: u64;
  /** Bytes from one line to the next. */
  pitch: u64;
  bitsPerPixel: u16;
  memoryModel: u8;
  redSize: u8;
  redShift: u8;
  greenSize: u8;
  greenShift: u8;
  blueSize: u8;
  blueShift: u8;
}
staticAssert(offsetOf<LimineFramebuffer>("blueShift") === 40n);

export class RsdpResponse {
  revision: u64;
  /** Physical in base revision 3, virtual in all others. */
  address: u64;
}

export class PagingModeResponse {
  revision: u64;
  mode: u64;
}
