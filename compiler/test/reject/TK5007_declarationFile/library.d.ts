export declare function sum(left: u32, right: u32): u32; // error TK5007
