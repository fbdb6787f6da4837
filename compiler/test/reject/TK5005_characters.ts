function entry(): void {}
exportC("not a name", entry); // error TK5005
export function main(): void {}
