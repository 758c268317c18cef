"""The fit by Adam, as a flag for 3000 epochs implies: torch, float32, full batch, marginal likelihood by Woodbury.

python3 adam.py FILE.npz d floor EPOCHS [usual|best]     (array 'Y', S x p, NaN = missing)

`usual` forms each subject's d x d matrix from its own masked loadings (a batch of S x p x d); `best` has one
product of the mask with the p x d(d+1)/2 cross-products of the loadings. Start: principal components. Prints JSON.
"""
import json, sys, time
import numpy as np
import torch

torch.set_num_threads(2)
A, d, share, epochs = np.load(sys.argv[1])["Y"], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
usual = sys.argv[5:] == ["usual"]
W_ = (~np.isnan(A)).astype(float)
Y_ = np.where(W_ > 0, A, 0)
n = W_.sum(0)
mean = Y_.sum(0) / n
v_ = (W_ * (Y_ - mean) ** 2).sum(0) / n
_, s, Vt = np.linalg.svd(W_ * (Y_ - mean), full_matrices=False)
L0 = Vt[:d].T * s[:d] / np.sqrt(len(A))
real = torch.float32
W, Y, v = (torch.tensor(x, dtype=real) for x in (W_, Y_, v_))
L = torch.tensor(L0, dtype=real).requires_grad_()
mu = torch.tensor(mean, dtype=real).requires_grad_()
rho = torch.log(torch.clamp(torch.tensor(v_ - (L0**2).sum(1), dtype=real) - share * v, min=1e-3)).requires_grad_()
upper = torch.triu_indices(d, d)
place = torch.zeros(d, d, dtype=torch.long)
place[upper[0], upper[1]] = place[upper[1], upper[0]] = torch.arange(upper.shape[1])


def log_likelihood(L, mu, psi, W, Y):
    R = W * (Y - mu)
    P = L / psi[:, None]
    if usual:
        M = torch.einsum("spj,pk->sjk", W[:, :, None] * L, P)
    else:
        M = (W @ (L[:, upper[0]] * P[:, upper[1]]))[:, place]
    M = M + torch.eye(d, dtype=L.dtype)
    C = torch.linalg.cholesky(M)
    u = torch.linalg.solve_triangular(C, (R @ P)[:, :, None], upper=False)[:, :, 0]
    log_det = 2 * torch.log(torch.diagonal(C, dim1=1, dim2=2)).sum()
    return -0.5 * (W.sum() * np.log(2 * np.pi) + (W @ torch.log(psi)).sum() + log_det + (R**2 / psi).sum() - (u**2).sum())


optimiser = torch.optim.Adam([L, mu, rho], lr=0.01)
t = time.perf_counter()
for epoch in range(epochs):
    optimiser.zero_grad()
    loss = -log_likelihood(L, mu, share * v + torch.exp(rho), W, Y)
    loss.backward()
    optimiser.step()
seconds = time.perf_counter() - t
with torch.no_grad():
    wide = [x.double() for x in (L, mu, share * v + torch.exp(rho), W, Y)]
    print(json.dumps({"seconds": seconds, "epochs": epochs, "ll": float(log_likelihood(*wide)), "torch": torch.__version__}))
