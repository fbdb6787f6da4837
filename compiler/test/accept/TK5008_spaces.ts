class Request {
  id: u64;
}
const request = placed(".my_section", new Request());
export function main(): void {
  log.info(`${request.id}`);
}
