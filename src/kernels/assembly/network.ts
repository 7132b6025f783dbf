// What the module of networks exports: every kernel in both precisions.
import { laneSums } from "./lane-sums";
import { deinterleave, interleave } from "./lanes";
import { pack, unpack } from "./pack";
import { outer } from "./outer";
import { product } from "./product";
import { activate, adjointStep, advance, combine, multiply, multiplyAdd } from "./steps";

export {
  countInnovation32,
  countInnovation64,
  countLoss32,
  countLoss64,
  penalize32,
  penalize64,
  squaredError32,
  squaredError64,
} from "./loss-exports";

export function product32(out: usize, w: usize, h: usize, rows: i32, columns: i32, add: i32): void {
  product<f32>(out, w, h, rows, columns, add);
}
export function outer32(
  dw: usize,
  g: usize,
  h: usize,
  rows: i32,
  columns: i32,
  steps: i32,
  gStep: usize,
  hStep: usize,
  room: usize,
): void {
  outer<f32>(dw, g, h, rows, columns, steps, gStep, hStep, room);
}
export function laneSums32(sums: usize, g: usize, rows: i32, steps: i32, gStep: usize): void {
  laneSums<f32>(sums, g, rows, steps, gStep);
}
export function activate32(h: usize, x: usize, rows: i32, phi: i32): void {
  activate<f32>(h, x, rows, phi);
}
export function advance32(xNext: usize, hNext: usize, x: usize, drive: usize, rows: i32, alpha: f64, phi: i32): void {
  advance<f32>(xNext, hNext, x, drive, rows, alpha, phi);
}
export function adjointStep32(
  g: usize,
  carry: usize,
  dRates: usize,
  dRead: usize,
  h: usize,
  rows: i32,
  alpha: f64,
  readsRates: i32,
  phi: i32,
): void {
  adjointStep<f32>(g, carry, dRates, dRead, h, rows, alpha, readsRates, phi);
}
export function combine32(out: usize, a: f64, x: usize, b: f64, y: usize, rows: i32): void {
  combine<f32>(out, a, x, b, y, rows);
}
export function multiply32(out: usize, x: usize, y: usize, rows: i32): void {
  multiply<f32>(out, x, y, rows);
}
export function multiplyAdd32(out: usize, x: usize, y: usize, rows: i32): void {
  multiplyAdd<f32>(out, x, y, rows);
}
export function pack32(
  out: usize,
  outStep: usize,
  from: usize,
  mask: usize,
  steps: i32,
  n: i32,
  filled: i32,
  padWithNaN: i32,
): i32 {
  return pack<f32>(out, outStep, from, mask, steps, n, filled, padWithNaN);
}
export function unpack32(out: usize, from: usize, fromStep: usize, steps: i32, n: i32, filled: i32): void {
  unpack<f32>(out, from, fromStep, steps, n, filled);
}
export function interleave32(out: usize, outStep: usize, from: usize, steps: i32, n: i32, filled: i32): i32 {
  return interleave<f32>(out, outStep, from, steps, n, filled);
}
export function deinterleave32(out: usize, from: usize, fromStep: usize, steps: i32, n: i32, filled: i32): void {
  deinterleave<f32>(out, from, fromStep, steps, n, filled);
}
export function product64(out: usize, w: usize, h: usize, rows: i32, columns: i32, add: i32): void {
  product<f64>(out, w, h, rows, columns, add);
}
export function outer64(
  dw: usize,
  g: usize,
  h: usize,
  rows: i32,
  columns: i32,
  steps: i32,
  gStep: usize,
  hStep: usize,
  room: usize,
): void {
  outer<f64>(dw, g, h, rows, columns, steps, gStep, hStep, room);
}
export function laneSums64(sums: usize, g: usize, rows: i32, steps: i32, gStep: usize): void {
  laneSums<f64>(sums, g, rows, steps, gStep);
}
export function activate64(h: usize, x: usize, rows: i32, phi: i32): void {
  activate<f64>(h, x, rows, phi);
}
export function advance64(xNext: usize, hNext: usize, x: usize, drive: usize, rows: i32, alpha: f64, phi: i32): void {
  advance<f64>(xNext, hNext, x, drive, rows, alpha, phi);
}
export function adjointStep64(
  g: usize,
  carry: usize,
  dRates: usize,
  dRead: usize,
  h: usize,
  rows: i32,
  alpha: f64,
  readsRates: i32,
  phi: i32,
): void {
  adjointStep<f64>(g, carry, dRates, dRead, h, rows, alpha, readsRates, phi);
}
export function combine64(out: usize, a: f64, x: usize, b: f64, y: usize, rows: i32): void {
  combine<f64>(out, a, x, b, y, rows);
}
export function multiply64(out: usize, x: usize, y: usize, rows: i32): void {
  multiply<f64>(out, x, y, rows);
}
export function multiplyAdd64(out: usize, x: usize, y: usize, rows: i32): void {
  multiplyAdd<f64>(out, x, y, rows);
}
export function pack64(
  out: usize,
  outStep: usize,
  from: usize,
  mask: usize,
  steps: i32,
  n: i32,
  filled: i32,
  padWithNaN: i32,
): i32 {
  return pack<f64>(out, outStep, from, mask, steps, n, filled, padWithNaN);
}
export function unpack64(out: usize, from: usize, fromStep: usize, steps: i32, n: i32, filled: i32): void {
  unpack<f64>(out, from, fromStep, steps, n, filled);
}
export function interleave64(out: usize, outStep: usize, from: usize, steps: i32, n: i32, filled: i32): i32 {
  return interleave<f64>(out, outStep, from, steps, n, filled);
}
export function deinterleave64(out: usize, from: usize, fromStep: usize, steps: i32, n: i32, filled: i32): void {
  deinterleave<f64>(out, from, fromStep, steps, n, filled);
}
