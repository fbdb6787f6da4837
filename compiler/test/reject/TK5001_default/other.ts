export default function value(): void {} // error TK5002
