function handle(level: u32, subsystem: string, message: Message): void {}
function other(level: u32, subsystem: string, message: Message): void {}
bindLog(handle);
bindLog(other); // error TK5004
export function main(): void {}
