// Constant tables of structs, written as object literals; what is left out is not possible, nesting is.

enum Level {
  Low,
  High,
}

class Colour {
  red: u8;
  green: u8;
  blue: u8;
}

class Theme {
  name: string;
  text: Colour;
  level: Level;
  steps: FixedArray<i16, 2>;
}

const THEMES: FixedArray<Theme, 2> = [
  { name: "dark", text: { red: 255, green: 254, blue: 253 }, level: Level.High, steps: [-1, 1] },
  { name: "light", text: { red: 1, green: 2, blue: 3 }, level: Level.Low, steps: [300, -300] },
];

const SINGLE: Colour = { red: 9, green: 8, blue: 7 };

export function main(): void {
  for (const theme of THEMES) {
    log.info(`${theme.name}: ${theme.text.red} ${theme.text.green} ${theme.text.blue}`);
    log.info(`${theme.level} ${theme.steps[0]} ${theme.steps[1]}`);
  }
  log.info(`${SINGLE.red}${SINGLE.green}${SINGLE.blue}`);
}
