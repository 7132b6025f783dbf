/**
 * The recordings from their public repositories, as the files that the tables read:
 *
 *     npx tsx examples/evidence/convert.ts N 20160728.mat out
 *     npx tsx examples/evidence/convert.ts L 20131218.mat out
 */
