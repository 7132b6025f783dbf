/** The floors of the architecture as a drawing, the top floor first, a room and its sentence in every line. */
export function drawFloors(floors: readonly string[], sentenceOf: (room: string) => string): string {
  const width = 116,
    column = 12;
  const lines = [...floors].reverse().map((floor) =>
    floor.split(" ").flatMap((room) => {
      const [first, ...rest] = wrapped(sentenceOf(room), width - column - 4);
      return [room.padEnd(column) + first, ...rest.map((text) => " ".repeat(column) + text)];
    }),
  );
  const rule = (left: string, right: string) => left + "─".repeat(width - 2) + right;
  const boxes = lines.map((floor) => floor.map((line) => `│ ${line.padEnd(width - 4)} │`).join("\n"));
  return [rule("┌", "┐"), boxes.join(`\n${rule("├", "┤")}\n`), rule("└", "┘")].join("\n");
}

/** Words in lines of at most `width` characters. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.length - 1;
    if (last >= 0 && lines[last].length + 1 + word.length <= width) lines[last] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}
