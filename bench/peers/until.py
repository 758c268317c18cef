"""Time of the numpy peer of the fit (fiml_em.py in the folder given) to a log-likelihood.

python3 until.py PEERS FILE.npz d floor TARGET     (array 'Y', S x p, NaN = missing)

Prints JSON: milliseconds an iteration (of 20), and the fewest iterations that reach TARGET with the
seconds that a run of so many takes. The peer has no such stop of its own: the count is found by bisection.
"""
import json, sys, time

sys.path.insert(0, sys.argv[1])
import numpy as np
from fiml_em import fit

A, d, floor, target = np.load(sys.argv[2])["Y"], int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5])


def run(iterations):
    t = time.perf_counter()
    *_, ll, it = fit(A, d, max_iter=iterations, floor=floor, tol=0)
    return ll, time.perf_counter() - t


start = min(run(1)[1] for _ in range(3))
each = (min(run(21)[1] for _ in range(3)) - start) / 20
low, high = 0, 32
reached, seconds = run(high)
while reached < target and high < 4000:
    low, high = high, 2 * high
    reached, seconds = run(high)
while high - low > max(1, high // 50):
    middle = (low + high) // 2
    ll, s = run(middle)
    if ll >= target:
        high, reached, seconds = middle, ll, s
    else:
        low = middle
print(json.dumps({"ms": 1e3 * each, "iterations": high, "seconds": seconds, "ll": reached, "reached": bool(reached >= target), "numpy": np.__version__}))
