// What the module of networks exports of losses: every kernel in both precisions.
import { countInnovation, countLoss, penalize, squaredError } from "./losses";

export function squaredError32(d: usize, y: usize, target: usize, rows: i32, scale: f64): f64 {
  return squaredError<f32>(d, y, target, rows, scale);
}
export function countLoss32(
  d: usize,
  z: usize,
  counts: usize,
  rows: i32,
  scale: f64,
  binWidth: f64,
  logBinWidth: f64,
  link: i32,
  dispersions: usize,
  slopes: usize,
  repeat: i32,
): f64 {
  return countLoss<f32>(d, z, counts, rows, scale, binWidth, logBinWidth, link, dispersions, slopes, repeat);
}
export function countInnovation32(
  out: usize,
  slopes: usize,
  z: usize,
  counts: usize,
  mask: usize,
  rows: i32,
  binWidth: f64,
  link: i32,
  kind: i32,
): void {
  countInnovation<f32>(out, slopes, z, counts, mask, rows, binWidth, link, kind);
}
export function penalize32(d: usize, h: usize, w: usize, rows: i32, l1: f64, l2: f64): f64 {
  return penalize<f32>(d, h, w, rows, l1, l2);
}
export function squaredError64(d: usize, y: usize, target: usize, rows: i32, scale: f64): f64 {
  return squaredError<f64>(d, y, target, rows, scale);
}
export function countLoss64(
  d: usize,
  z: usize,
  counts: usize,
  rows: i32,
  scale: f64,
  binWidth: f64,
  logBinWidth: f64,
  link: i32,
  dispersions: usize,
  slopes: usize,
  repeat: i32,
): f64 {
  return countLoss<f64>(d, z, counts, rows, scale, binWidth, logBinWidth, link, dispersions, slopes, repeat);
}
export function countInnovation64(
  out: usize,
  slopes: usize,
  z: usize,
  counts: usize,
  mask: usize,
  rows: i32,
  binWidth: f64,
  link: i32,
  kind: i32,
): void {
  countInnovation<f64>(out, slopes, z, counts, mask, rows, binWidth, link, kind);
}
export function penalize64(d: usize, h: usize, w: usize, rows: i32, l1: f64, l2: f64): f64 {
  return penalize<f64>(d, h, w, rows, l1, l2);
}
