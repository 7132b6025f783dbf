#!/usr/bin/env bash
# One cell of a grid for every task of the array. Make the jobs first, then submit as many tasks as there are:
#   npx ltrnn cv recording.npz --array activity --rank 1,2,3,4 --jobs jobs
#   sbatch --array=0-19 --export=ALL,JOBS=jobs array.sh
# A task whose row is there already ends at once, so the same call goes on where an array was stopped.
#SBATCH --job-name=ltrnn
#SBATCH --cpus-per-task=1
#SBATCH --time=01:00:00
#SBATCH --output=ltrnn-%a.log
set -euo pipefail
: "${JOBS:?the folder that ltrnn cv --jobs made}"
cell="${SLURM_ARRAY_TASK_ID:?the number of the task}"
[ -s "$JOBS/row-$cell.json" ] && exit 0
${LTRNN:-npx ltrnn} run "$JOBS/job-$cell.json"
