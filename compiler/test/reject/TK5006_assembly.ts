declare function entry(): u64;
exportC("entry_point", entry); // error TK5006
export function main(): void {}
