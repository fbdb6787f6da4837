/**
 * The two 8259 interrupt controllers of a PC. After reset they would deliver their interrupts as vectors 8 to 15, which
 * are exceptions. So they are moved to vectors 32 to 47, and masked but for what is asked for.
 *
 *     IRQ 0..7  -> master -> vector 32..39      a spurious IRQ 7 or 15 passes the mask: it arrives as 39 or 47
 *     IRQ 8..15 -> slave  -> vector 40..47      the slave sits at the master's input 2
 *
 * Intel 8259A data sheet, "Initialization Command Words". On a machine without them the writes go nowhere.
 */

const MASTER_COMMAND: u16 = 0x20;
const MASTER_DATA: u16 = 0x21;
const SLAVE_COMMAND: u16 = 0xa0;
const SLAVE_DATA: u16 = 0xa1;

/** ICW1: edge triggered, cascaded, ICW4 follows. */
const INITIALISE: u8 = 0x11;
const MASTER_VECTOR: u8 = 32;
const SLAVE_VECTOR: u8 = 40;
/** ICW3: the master by a bit, the slave by a number. */
const SLAVE_AT_INPUT_2: u8 = 1 << 2;
const SLAVE_IDENTITY: u8 = 2;
/** ICW4: 8086 mode, end of interrupt by command. */
const MODE_8086: u8 = 0x01;
const ALL_MASKED: u8 = 0xff;
/** OCW2: end of the interrupt that is being served. */
const END_OF_INTERRUPT: u8 = 0x20;

/** Vectors of the interrupts that arrive through them. */
export const FIRST_PIC_VECTOR: u32 = 32;
export const END_PIC_VECTOR: u32 = 48;

/** Moves the controllers away from the exceptions and masks all their inputs. */
export function silencePic(): void {
  out8(MASTER_COMMAND, INITIALISE);
  out8(SLAVE_COMMAND, INITIALISE);
  out8(MASTER_DATA, MASTER_VECTOR);
  out8(SLAVE_DATA, SLAVE_VECTOR);
  out8(MASTER_DATA, SLAVE_AT_INPUT_2);
  out8(SLAVE_DATA, SLAVE_IDENTITY);
  out8(MASTER_DATA, MODE_8086);
  out8(SLAVE_DATA, MODE_8086);
  out8(MASTER_DATA, ALL_MASKED);
  out8(SLAVE_DATA, ALL_MASKED);
}

/** Lets an input through: 0 to 15. */
export function unmaskInterrupt(input: u32): void {
  const bit = u8.wrap(1 << (input % 8));
  if (input < 8) {
    out8(MASTER_DATA, in8(MASTER_DATA) & ~bit);
  } else {
    out8(SLAVE_DATA, in8(SLAVE_DATA) & ~bit);
    out8(MASTER_DATA, in8(MASTER_DATA) & ~SLAVE_AT_INPUT_2);
  }
}

/** Says that the interrupt of this input was taken care of: the next may come. */
export function endInterrupt(input: u32): void {
  if (input >= 8) out8(SLAVE_COMMAND, END_OF_INTERRUPT);
  out8(MASTER_COMMAND, END_OF_INTERRUPT);
}
