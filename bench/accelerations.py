"""Trial of accelerations of EM for the FIML factor model: which needs the fewest iterations?

python3 bench/accelerations.py FILE.npz d [floor] [tolerance]     (array 'Y', S x p, NaN = missing)

For plain EM, parameter-expanded EM (Liu, Rubin and Wu, 1998), each alone, with SQUAREM (Varadhan and
Roland, 2008) and with Anderson acceleration (Anderson, 1965) of several depths, prints the evaluations of
the map until the log-likelihood is within 1e-6 and 1e-8 (relative) of the best that any of them reached,
and the log-likelihood at the end. Every accelerated step that lowers the log-likelihood is taken back.
"""
import sys
import numpy as np

A = np.load(sys.argv[1])["Y"]
d = int(sys.argv[2])
floor_share = float(sys.argv[3]) if len(sys.argv) > 3 else 0.2
tolerance = float(sys.argv[4]) if len(sys.argv) > 4 else 1e-10
BUDGET = 300

S, p = A.shape
W = (~np.isnan(A)).astype(float)
Y = np.where(W > 0, A, 0)
n = W.sum(0)
squares = (W * Y**2).sum(0)
mean0 = Y.sum(0) / n
variance = (W * (Y - mean0) ** 2).sum(0) / n
floor = floor_share * variance


def start():
    _, s, Vt = np.linalg.svd(W * (Y - mean0), full_matrices=False)
    L = Vt[:d].T * s[:d] / np.sqrt(S)
    return pack(L, mean0, np.maximum(variance - (L**2).sum(1), floor))


def pack(L, mu, psi):
    return np.concatenate([L.T.ravel(), mu, psi])


def em(x, expanded):
    """The log-likelihood of x, and its image under one step."""
    L, mu, psi = x[: d * p].reshape(d, p).T, x[d * p : -p], np.maximum(x[-p:], floor)
    R = W * (Y - mu)
    P = L / psi[:, None]
    M = (W @ (L[:, :, None] * P[:, None, :]).reshape(p, d * d)).reshape(S, d, d) + np.eye(d)
    Mi = np.linalg.inv(M)
    v = R @ P
    f = np.einsum("sij,sj->si", Mi, v)
    ll = -0.5 * (
        W.sum() * np.log(2 * np.pi) + (W @ np.log(psi)).sum() + np.linalg.slogdet(M)[1].sum()
        + (R**2 / psi).sum() - (v * f).sum()
    )
    E = np.zeros((S, d + 1, d + 1))
    E[:, :d, :d] = Mi + f[:, :, None] * f[:, None, :]
    E[:, :d, d] = E[:, d, :d] = f
    E[:, d, d] = 1
    B = (W.T @ E.reshape(S, -1)).reshape(p, d + 1, d + 1)
    C = Y.T @ np.concatenate([f, np.ones((S, 1))], 1)
    La = np.linalg.solve(B, C[:, :, None])[:, :, 0]
    psi = np.maximum((squares - (La * C).sum(1)) / n, floor)
    L, mu = La[:, :d], La[:, d]
    if expanded:
        m = f.mean(0)
        mu = mu + L @ m
        L = L @ np.linalg.cholesky(E[:, :d, :d].mean(0) - np.outer(m, m))
    return ll, pack(L, mu, psi)


def project(x):
    x = x.copy()
    x[-p:] = np.maximum(x[-p:], floor)
    return x


def plain(expanded):
    x, path = start(), []
    while len(path) < BUDGET:
        ll, x = em(x, expanded)
        path.append(ll)
        if len(path) > 1 and path[-1] - path[-2] < tolerance * abs(ll):
            break
    return path


def squarem(expanded):
    x, path, last = start(), [], -np.inf
    while len(path) < BUDGET:
        ll, x1 = em(x, expanded)
        path.append(ll)
        if ll - last < tolerance * abs(ll):
            break
        last = ll
        ll1, x2 = em(x1, expanded)
        path.append(ll1)
        r, v = x1 - x, x2 - 2 * x1 + x
        step = -np.sqrt((r @ r) / max(v @ v, 1e-300))
        candidate = project(x - 2 * step * r + step**2 * v)
        llc, image = em(candidate, expanded)
        path.append(max(llc, ll1))
        x = image if llc >= ll1 else x2
    return path


def anderson(expanded, depth, metric=None):
    """Type II: mix of the last `depth` differences that makes the residual least; restart when it lowers."""
    x, path, last, safe = start(), [], -np.inf, None
    dF, dG, before = [], [], None
    rejected = 0
    while len(path) < BUDGET:
        ll, g = em(x, expanded)
        if ll < last:
            x, dF, dG, before = safe, [], [], None
            path.append(last)
            rejected += 1
            continue
        path.append(ll)
        if dF and ll - last < tolerance * abs(ll):
            break
        last = ll
        f = g - x
        if before is not None:
            dF.append(f - before[0])
            dG.append(g - before[1])
            dF, dG = dF[-depth:], dG[-depth:]
        before, safe, x = (f, g), g, g
        if dF:
            scale = metric() if metric else 1.0
            F = np.array(dF) * scale
            K = F @ F.T
            K += 1e-10 * np.trace(K) / len(K) * np.eye(len(K))
            x = project(g - np.linalg.solve(K, F @ (f * scale)) @ np.array(dG))
    return path, rejected


def noise_metric():
    # loadings and means in units of the item's s.d., uniquenesses in units of its variance
    sd = np.sqrt(variance)
    return np.concatenate([np.tile(1 / sd, d), 1 / sd, 1 / variance])


runs = {}
for expanded in (False, True):
    name = "PX-EM" if expanded else "EM"
    runs[name] = plain(expanded), 0
    runs[name + " + SQUAREM"] = squarem(expanded), 0
    for depth in (2, 3, 4, 5, 6, 8, 10) if expanded else (6,):
        runs[f"{name} + Anderson {depth}"] = anderson(expanded, depth)
    runs[f"{name} + Anderson 6, scaled"] = anderson(expanded, 6, noise_metric)
    runs[f"{name} + Anderson 4, scaled"] = anderson(expanded, 4, noise_metric)
best = max(path[-1] for path, _ in runs.values())
print(f"{S} x {p}, d = {d}, floor {floor_share}: best log-likelihood {best:.4f}")
for name, (path, rejected) in runs.items():
    within = [next((i + 1 for i, ll in enumerate(path) if best - ll <= e * abs(best)), None) for e in (1e-6, 1e-8)]
    print(f"{name:28s} 1e-6: {within[0]!s:5s} 1e-8: {within[1]!s:5s} end {len(path):5d}  {path[-1]:.4f}  taken back {rejected}")
