// placed puts static storage into a section of its own and is otherwise like any other.

class Request {
  id0: u64 = 0xc7b1dd30df4c8b88n;
  id1: u64 = 0x0a82e883a194f07bn;
  revision: u64;
  response: u64;
}

const request = placed(".requests", new Request());
const marker = placed(".requests", new FixedArray<u64, 2>());

export function main(): void {
  log.info(`${hex(request.id0)} ${hex(request.id1, 16)} ${request.revision}`);
  request.response = 5n;
  request.revision += 1n;
  marker[1] = request.response;
  log.info(`${request.revision} ${marker[1]}`);
}
