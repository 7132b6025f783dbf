#!/usr/bin/env bash
# Gather the rows of an array, after it: sbatch --dependency=afterany:ID collect.sh, or by hand.
#SBATCH --job-name=ltrnn-collect
#SBATCH --time=00:05:00
set -euo pipefail
${LTRNN:-npx ltrnn} cv --collect "${JOBS:?the folder that ltrnn cv --jobs made}" "$@"
