import { START } from "./main";
export const RIGHT: u32 = START + 1;
