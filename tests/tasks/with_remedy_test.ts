import assert from "node:assert/strict";
import { InputError, UnavailableError } from "../../lib/base/errors.ts";
import { DivergenceError } from "../../lib/estimation/fiml/run_graph.ts";
import { withRemedy } from "../../tasks/_with_remedy.ts";

Deno.test("withRemedy() adds the remedy of the first class that fits, and to no other error", async () => {
  const remedies = [[DivergenceError, "Raise it."], [InputError, "Change it."]] as const;
  const failed = (error: Error): Promise<unknown> => withRemedy(Promise.reject(error), remedies);
  await assert.rejects(failed(new DivergenceError("It is NaN.")), {
    name: "InputError",
    message: "It is NaN. Raise it.",
  });
  await assert.rejects(
    failed(new InputError("It is wrong.")),
    /^InputError: It is wrong\. Change it\.$/,
  );
  await assert.rejects(failed(new UnavailableError("None.")), /^UnavailableError: None\.$/);
  assert.equal(await withRemedy(Promise.resolve(3), remedies), 3);
});
