function handle(level: u32, subsystem: string, message: Message): void {}
bindLog(handle);
export function main(): void {}
