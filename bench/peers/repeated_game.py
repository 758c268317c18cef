"""Plays the 12 cells of the numpy peer (repeated.py, in FOLDER) and writes its pool.

python3 repeated_game.py FOLDER POOL.npz [N d R T]
Prints JSON: seconds, and the sum over rounds of mean misalignment for each rho (rows) and k."""
import json
import sys
import time

import numpy as np

sys.path.insert(0, sys.argv[1])
import repeated  # noqa: E402

N, d, R, T = (int(x) for x in (sys.argv[3:7] or (640, 8, 64, 200)))
Z = repeated.pool(N, d)
np.savez(sys.argv[2], z=Z)
start = time.perf_counter()
sums = [[float(repeated.play(Z, k, rho, T, R).sum()) for k in (1, 5, 20, 100)] for rho in (0.01, 0.05, 0.1)]
print(json.dumps({"seconds": time.perf_counter() - start, "sums": sums}))
