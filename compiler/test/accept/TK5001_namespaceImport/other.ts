export const VALUE: u32 = 1;
