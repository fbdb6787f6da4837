function first(): void {}
function second(): void {}
exportC("entry_point", first);
exportC("entry_point", second); // error TK5005
export function main(): void {}
