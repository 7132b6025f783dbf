/**
 * The recordings from their public repositories, as the files that the tables read:
 *
 *     git clone https://github.com/mobeets/neural-engagement
 *     git clone https://github.com/mobeets/neural-redundancy-elife2018
 *     npx tsx examples/evidence/convert.ts data neural-engagement/data/preprocessed/20160728.mat \
 *       neural-engagement/data/preprocessed/20120528.mat neural-redundancy-elife2018/data/sessions/20131218.mat
 *
 * Time series become float32, as in the files that the tables were made with. Nothing else is changed: bins go to their
 * place in (trials × bins), NaN where a trial has no sample.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { readMat, tensor, writeNpz, type MatArray, type MatContent, type MatStruct, type Tensor } from "ltrnn";

type Content = Readonly<Record<string, MatContent>>;
type Recording = Record<string, Tensor>;

const structs = (content: MatContent): readonly Content[] => (content as MatStruct).data;
const numbers = (content: MatContent): Float64Array => (content as MatArray).data;
const column = (content: MatContent): Tensor => tensor([numbers(content).length], [...numbers(content)]);
const list = (values: readonly number[]): Tensor => tensor([values.length], values);

/** Which part a decoder has in what the tables read: v_t = M1 v_{t-1} + M2 z + M0. */
const decoder = (name: string, { M0, M1, M2 }: Content): Recording => ({
  [`dec_${name}_M0`]: column(M0),
  [`dec_${name}_M1`]: M1 as MatArray,
  [`dec_${name}_M2`]: M2 as MatArray,
});

/** Monkeys N and J: rows of single bins to trials × 20 bins. */
function latents(file: Content): Recording {
  const bins = 20,
    blocks = structs(file.Bs),
    trials = blocks.flatMap((block, b) => {
      const rows = new Map<number, number[]>();
      numbers(block.trial_index).forEach((trial, row) => rows.set(trial, [...(rows.get(trial) ?? []), row]));
      return [...rows.values()].map((own) => ({ b, block, rows: own }));
    });
  const series = (name: string): Tensor => {
    const width = (blocks[0][name] as MatArray).shape[1],
      data = new Float64Array(trials.length * bins * width).fill(Number.NaN);
    trials.forEach(({ block, rows }, k) => {
      for (const row of rows)
        for (let i = 0; i < width; i++)
          data[(k * bins + numbers(block.time)[row] - 1) * width + i] = Math.fround(
            numbers(block[name])[row * width + i],
          );
    });
    return { shape: width === 1 ? [trials.length, bins] : [trials.length, bins, width], data };
  };
  const label = (name: string) => list(trials.map(({ block, rows }) => numbers(block[name])[rows[0]])),
    [{ decoders }] = structs(file.D),
    [intuitive, perturbed] = structs(decoders).map((one) => structs(one.fDecoder)[0]);
  return {
    latents: series("latents"),
    cursor_pos: series("pos"),
    progress_intuitive: series("progress_int"),
    progress_perturbed: series("progress_wmp"),
    n_bins: list(trials.map(({ rows }) => rows.length)),
    target_deg: label("target"),
    block: list(trials.map(({ b }) => b)),
    trial_rel: label("trial_index_rel_to_wmp"),
    correct: label("isCorrect"),
    ...decoder("intuitive", intuitive),
    ...decoder("perturbed", perturbed),
  };
}

/** Monkey L: a trial begins where a freeze period does; its target is where the cursor's first bin points. */
function spikes(file: Content): Recording {
  const [{ blocks: both }] = structs(file.D),
    blocks = structs(both),
    joined = (name: string) => blocks.flatMap((block) => [...numbers(block[name])]),
    units = (blocks[0].spikes as MatArray).shape[1],
    thetas = joined("thetas"),
    starts = blocks.flatMap((block, b) => {
      const freeze = numbers(block.isFreezePeriod),
        before = blocks.slice(0, b).reduce((sum, one) => sum + numbers(one.isFreezePeriod).length, 0);
      return [...freeze.keys()]
        .filter((row) => freeze[row] === 1 && (row === 0 || freeze[row - 1] === 0))
        .map((row) => ({ b, row: before + row }));
    }),
    offsets = [...starts.map(({ row }) => row), thetas.length];
  const [intuitive, perturbed] = blocks.map((block) => structs(block.nDecoder)[0]);
  return {
    spikes: tensor([thetas.length, units], joined("spikes")),
    trial_offset: list(offsets),
    trial_length: list(starts.map((_, k) => offsets[k + 1] - offsets[k])),
    trial_block: list(starts.map(({ b }) => b)),
    trial_target_deg: list(starts.map(({ row }) => (Math.round(thetas[row] / 90) * 90) % 360)),
    theta_deg: list(thetas.map(Math.fround)),
    cursor_vel: tensor([thetas.length, 2], joined("vel").map(Math.fround)),
    ...decoder("intuitive", intuitive),
    ...decoder("perturbed", perturbed),
  };
}

const known: Readonly<Record<string, readonly [name: string, convert: (file: Content) => Recording]>> = {
  "20160728.mat": ["bci_learning_monkeyN_20160728", latents],
  "20120528.mat": ["bci_learning_monkeyJ_20120528", latents],
  "20131218.mat": ["bci_spikes_monkeyL_20131218", spikes],
};
const [folder, ...files] = process.argv.slice(2);
if (!folder || files.length === 0)
  throw new Error("Name a folder for the recordings, then files of the two repositories.");
mkdirSync(folder, { recursive: true });
for (const file of files) {
  const entry = known[basename(file)];
  if (!entry) throw new Error(`${file}: expected one of ${Object.keys(known).join(", ")}.`);
  const [name, convert] = entry;
  writeFileSync(`${folder}/${name}.npz`, writeNpz(convert(readMat<Record<string, MatContent>>(readFileSync(file)))));
  console.log(`${folder}/${name}.npz`);
}
