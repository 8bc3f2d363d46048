#!/bin/sh
# A solver that knows nothing of runs: a table with pauses and half lines, a log, files, an exit code.
printf 'iter,p,U\n1,0.5,1\n2,0.' > residuals.csv
printf 'Time step 1\n' > solver.log
sleep 0.8
printf '25,2\n3,0.125,3' >> residuals.csv
echo 'loss=0.75 step=10'
echo 'WARNING: time step is large' >&2
sleep 0.8
mv solver.log solver.log.1
printf 'Time step 2\nFATAL: divergence\n' > solver.log
mkdir -p out/deep
echo a > out/a.vtk
echo b > out/deep/b.vtk
printf 'no end of line'
exit "${1:-0}"
