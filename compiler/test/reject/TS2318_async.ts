export async function main(): never { // error TS2318, TK1013
  main();
}
