#!/bin/sh
# A solver that knows nothing of runs, and the command that makes one of it:
#   SIMVUE_URL=http://127.0.0.1:4318 sh examples/sidecar.sh
cd "$(mktemp -d)" || exit 1
cat > solver <<'SOLVER'
#!/bin/sh
echo 'iter residual' > residuals.dat
for i in 1 2 3 4 5 6 7 8; do
  echo "$i $(awk "BEGIN { print 1 / 2 ^ $i }")" >> residuals.dat
  echo "Time step $i"
done
echo 'WARNING: not converged' >&2
SOLVER
${SIMVUE:-npx simvue} run --name sidecar --folder /examples --table residuals.dat --step-column iter --code solver \
  --save '*.dat' -- sh solver
