import { test } from "vitest";
import { rootProducts } from "../../src/parts/root-products";
import { matmul, transpose, zeros } from "../../src/tensor";
import { close } from "../support/close";
import { sweep } from "../support/sweep";

test("products with a root, and its adjoint, are those of the whole matrix, whatever part of a row is zero", () =>
  sweep((d) => {
    const [trials, columns, rank] = [d.int(1, 11), d.int(1, 11), d.int(1, 9)],
      root = d.normal([trials, columns]),
      lower = d.int(0, 1) === 1;
    for (let k = 0; k < trials; k++) {
      const [begin, end] = lower ? [0, k + 1] : [d.int(0, columns), d.int(0, columns)];
      for (let j = 0; j < columns; j++) if (j < begin || j >= end) root.data[k * columns + j] = 0;
    }
    const z = d.normal([columns, rank]),
      dc = d.normal([trials, rank]),
      c = zeros([trials, rank]),
      products = rootProducts(root);
    products.addTo(c, z);
    close(c, matmul(root, z), 1e-13);
    close(products.adjoint(dc), matmul(transpose(root), dc), 1e-13);
  }, 100));
