import assert from "node:assert/strict";
import { fullCaption } from "../../tasks/_figure_task.ts";

Deno.test("fullCaption() says that a fit behind the figure did not converge, and what is simulated", () => {
  const of = (facts: Record<string, boolean>): string => {
    const fit = { task: "tasks/fiml.ts", params: {}, inputs: {}, facts };
    const inputs = { fit: { sha256: "", lineage: fit } };
    return fullCaption("A.", { task: "tasks/pool.ts", params: {}, inputs, facts: {} });
  };
  assert.equal(of({}), "A.");
  assert.equal(of({ converged: true, simulated: false }), "A.");
  assert.equal(of({ converged: false }), "A. The factor model's fit did not converge.");
  assert.equal(
    of({ converged: false, simulated: true }),
    "A. The factor model's fit did not converge. Drawn from simulated responses.",
  );
});
