import { LEFT } from "./main";
export const RIGHT: u32 = LEFT + 1; // error TK3003
