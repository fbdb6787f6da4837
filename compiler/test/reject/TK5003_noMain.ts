export function start(): void {} // error TK5003
