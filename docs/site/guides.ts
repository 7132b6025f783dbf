/**
 * The order of the guides in the sidebar: a section, and the files of docs/ in it. A guide that is not named here comes
 * in a section "More guides".
 */
export const sections: Readonly<Record<string, readonly string[]>> = {
  "Start here": ["start.md", "choose.md", "conventions.md"],
  "Fit recordings": [
    "from-file-to-report.md",
    "fit.md",
    "counts.md",
    "choose-a-rank.md",
    "grids.md",
    "scores.md",
    "files.md",
    "trial-factors.md",
    "inputs.md",
    "decoders.md",
    "command-line.md",
  ],
  "Networks and learning": ["train.md", "tasks.md", "networks.md", "analysis.md", "theory.md", "ask-for-a-bound.md"],
  Tensors: ["decompose.md"],
  "Keep and show": ["save-resume-share.md", "figures.md"],
  "Coming from elsewhere": [
    "coming-from-the-paper.md",
    "coming-from-tensor-libraries.md",
    "coming-from-neurogym.md",
    "tfjs.md",
  ],
  "How it works": [
    "performance.md",
    "promises.md",
    "how-a-fit-runs.md",
    "how-a-sweep-runs.md",
    "browser.md",
    "claims.md",
  ],
  Extend: ["extend.md", "architecture.md"],
};
