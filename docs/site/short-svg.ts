/** An SVG with two decimals of a pixel, which are enough; its texts stay as they are. */
export const short = (svg: string): string =>
  svg.replace(/ (?:d|transform|x|y|x1|x2|y1|y2)="[^"]*"/g, (place) =>
    place.replace(/\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2)))),
  );
