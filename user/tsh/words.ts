/**
 * A line as words. Spaces separate; "..." and '...' keep them together.
 */

/** The words of a line; null when a quote is not closed. */
export function splitWords(line: string): string[] | null {
  const words: string[] = [];
  let word = "";
  let started = false;
  let quote = "";
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (quote !== "" && character === quote) {
      quote = "";
    } else if (quote === "" && (character === '"' || character === "'")) {
      quote = character;
      started = true;
    } else if (quote === "" && (character === " " || character === "\t")) {
      if (started) words.push(word);
      word = "";
      started = false;
    } else {
      word += character;
      started = true;
    }
  }
  if (quote !== "") return null;
  if (started) words.push(word);
  return words;
}
