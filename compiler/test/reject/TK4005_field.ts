class Record {
  text: Message; // error TK4005
}
const record = new Record();
export function main(): void {
  log.info(`${addressOf(record)}`);
}
