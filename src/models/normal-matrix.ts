import { fail, type Random } from "../base";
import { zeros, type Matrix } from "../tensor";

/**
 * Entries of one parameter that `random` draws: a gigabyte, beyond which a mistyped size is likelier than a network.
 */
const mostEntries = 134_217_728;

/** A parameter of zeros, to be drawn. */
export function emptyMatrix(rows: number, columns: number): Matrix {
  if (rows * columns > mostEntries)
    fail("random", {
      expected: `at most ${mostEntries} entries in a parameter`,
      got: `${rows} × ${columns}`,
      fix: "Lower units, inputs, outputs or rank; larger networks are built from their params.",
    });
  return zeros([rows, columns]);
}

/** A matrix of independent normal entries. */
export function normalMatrix(stream: Random, rows: number, columns: number, std: number): Matrix {
  const out = emptyMatrix(rows, columns);
  for (let i = 0; i < out.data.length; i++) out.data[i] = std * stream.normal();
  return out;
}
