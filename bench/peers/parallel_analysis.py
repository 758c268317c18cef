"""Parallel analysis by numpy, as one would write it well: dual Gram matrix, permutations by sorting random keys.

python3 parallel_analysis.py FILE.npz [replications]     (array 'Y', S x p, NaN = missing). Prints JSON.
"""
import json, sys, time
import numpy as np


def analyse(A, R, percentile=95, seed=0):
    rng = np.random.default_rng(seed)
    S, p = A.shape
    W = ~np.isnan(A)
    Z = np.where(W, A, 0)
    Z = np.where(W, Z - Z.sum(0) / W.sum(0), 0)
    Z /= np.sqrt((Z**2).mean(0))
    observed = np.linalg.eigvalsh(Z @ Z.T / S)[::-1]
    # By item: the observed cells in order, and where each item's cells begin.
    item, subject = np.nonzero(W.T)
    values = Z.T[item, subject]
    P = np.zeros((p, S))
    null = np.empty((R, S))
    for r in range(R):
        order = np.argsort(item + rng.random(len(item)))
        P[item, subject] = values[order]
        null[r] = np.linalg.eigvalsh(P.T @ P / S)[::-1]
    threshold = np.percentile(null, percentile, axis=0)
    below = np.nonzero(observed <= threshold)[0]
    return max(1, below[0] if len(below) else S)


A = np.load(sys.argv[1])["Y"]
R = int(sys.argv[2]) if len(sys.argv) > 2 else 20
times = []
for _ in range(3):
    t = time.perf_counter()
    d = analyse(A, R)
    times.append(time.perf_counter() - t)
print(json.dumps({"seconds": min(times), "d": int(d), "numpy": np.__version__}))
