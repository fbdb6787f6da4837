function entry(): void {}
exportC("tessera_entry", entry);
export function main(): void {}
