class Record {
  text: string;
}
const record = new Record();
function keep(text: string): void {
  record.text = text;
}
export function main(): void {
  keep("x");
}
