class Request {
  id: u64;
}
const request = placed("my section", new Request()); // error TK5008
export function main(): void {
  log.info(`${request.id}`);
}
