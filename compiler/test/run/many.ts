// Many: elements of unknown number, as loaders leave them; sliceOf gives the checked view.

class Record {
  key: u16;
  value: u32;
}

const records = new FixedArray<Record, 3>();
const pointers = new FixedArray<u64, 3>();

class Response {
  count: u64;
  entries: Many<Record> | null;
}
staticAssert(sizeOf<Response>() === 16n);

const response = new Response();

export function main(): void {
  log.info(`${response.entries === null}`);
  const entries = overlay<Many<Record>>(addressOf(records));
  entries[1].key = 5;
  entries[2].value = 6;
  log.info(`${records[1].key} ${records[2].value}`);
  response.entries = entries;
  response.count = 3n;
  if (response.entries !== null) {
    const slice = sliceOf(response.entries, u32(response.count));
    let sum: u32 = 0;
    for (const record of slice) sum += record.value + record.key;
    log.info(`${sum} of ${slice.length}`);
  }
  const words = overlay<Many<u64>>(addressOf(pointers));
  words[2] = addressOf(records[2]);
  log.info(`${overlay<Record>(pointers[2]).value}`);
}
