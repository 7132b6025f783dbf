/** Run every numbered example: `npm run examples`. */
import { readdirSync } from "node:fs";

const folder = new URL("./", import.meta.url);
for (const name of readdirSync(folder)
  .filter((file) => /^\d\d-.*\.ts$/.test(file))
  .sort()) {
  console.log(`\n${name}`);
  await (await import(new URL(name, folder).href)).main();
}
