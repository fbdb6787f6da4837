import { LEFT } from "./main";
export const RIGHT: u32 = LEFT + 1;
