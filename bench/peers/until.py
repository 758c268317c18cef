"""Time of the numpy peer of the fit (fiml_em.py in the folder given) to a log-likelihood.

python3 until.py PEERS FILE.npz d floor TARGET     (array 'Y', S x p, NaN = missing)

Prints JSON: seconds and iterations until the log-likelihood is TARGET, and milliseconds an iteration, in the
fastest run of 20. The peer stops by a relative change, `tol * abs(ll)`; a `tol` that looks at what it is multiplied with stops it here.
"""
import json, sys, time

sys.path.insert(0, sys.argv[1])
import numpy as np
from fiml_em import fit

A, d, floor, target = np.load(sys.argv[2])["Y"], int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5])


class Reached(Exception):
    pass


class Until:
    def __init__(self):
        self.times = []

    def __mul__(self, size):
        self.times.append(time.perf_counter())
        self.ll = -size
        if self.ll >= target:
            raise Reached
        return 0


until = Until()
t = time.perf_counter()
try:
    fit(A, d, max_iter=10_000, floor=floor, tol=until)
except Reached:
    pass
seconds = time.perf_counter() - t
times, n = until.times, len(until.times)
each = min(1e3 * (b - a) / 20 for a, b in zip(times, times[20:]))
print(json.dumps({"ms": each, "iterations": n, "seconds": seconds, "ll": until.ll, "numpy": np.__version__}))
