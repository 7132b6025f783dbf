/**
 * The order of the guides in the sidebar: a section, and the files of docs/ in it. A guide that is not named here comes
 * in a section "More guides".
 */
export const sections: Readonly<Record<string, readonly string[]>> = {
  "Start here": ["start.md", "conventions.md", "choose.md"],
  "Fit recordings": [
    "files.md",
    "from-file-to-report.md",
    "fit.md",
    "choose-a-rank.md",
    "grids.md",
    "scores.md",
    "trial-factors.md",
    "inputs.md",
    "decoders.md",
    "counts.md",
    "command-line.md",
    "app.md",
  ],
  "Networks and learning": ["networks.md", "train.md", "tasks.md", "ask-for-a-bound.md", "theory.md", "analysis.md"],
  Tensors: ["decompose.md"],
  "Keep and show": ["save-resume-share.md", "figures.md"],
  "Coming from elsewhere": [
    "coming-from-the-paper.md",
    "coming-from-tensor-libraries.md",
    "coming-from-neurogym.md",
    "tfjs.md",
  ],
  "What was measured": ["claims.md", "evidence.md", "performance.md", "promises.md"],
  "How it works": ["how-a-fit-runs.md", "how-a-sweep-runs.md", "browser.md"],
  Extend: ["extend.md", "architecture.md"],
};
