// Classes whose names have no ASCII letter are different types in C too.
class Ω {
  ä: u32 = 7;
}
class Ψ {
  ä: u64 = 8n;
}
class Κουτί<T> {
  τιμή: T;
}
const ω = new Ω();
const ψ = new Ψ();
const μικρό = new Κουτί<u8>();
const μεγάλο = new Κουτί<Ω>();

export function main(): void {
  μικρό.τιμή = 3;
  μεγάλο.τιμή.ä = 4;
  log.info(`${ω.ä} ${ψ.ä} ${μικρό.τιμή} ${μεγάλο.τιμή.ä} ${sizeOf<Ω>()} ${sizeOf<Ψ>()}`);
}
