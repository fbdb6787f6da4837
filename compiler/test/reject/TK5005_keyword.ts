function entry(): void {}
exportC("while", entry); // error TK5005
export function main(): void {}
