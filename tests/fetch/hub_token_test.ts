import assert from "node:assert/strict";
import { findSecrets, redact } from "../../lib/runner/secrets.ts";

Deno.test("findSecrets() refuses by name what cannot be a token, and never shows it", async () => {
  for (
    const [value, words] of [
      ["hf_first\nhf_second", "contains a line break"],
      ["hf_first hf_second", "contains white space"],
      ["hf_first\x00second", "contains a control character"],
      ["hf_first\u00e9second", "contains a character that is not ASCII"],
      ["short", "has fewer than 8 characters"],
    ] as const
  ) {
    const find = findSecrets(["HF_TOKEN"], [{
      name: "HF_TOKEN",
      find: () => Promise.resolve({ value, source: "the token in /home/token" }),
    }]);
    await assert.rejects(find, (error: Error) => {
      assert.ok(error.message.startsWith(`Cannot use the token in /home/token: it ${words}.`));
      assert.ok(!error.message.includes("hf_") && !error.message.includes("short"));
      return error.name === "InputError";
    });
  }
});

Deno.test("redact() finds a secret that is percent-encoded, in JSON, or in base64 at any offset", () => {
  const secret = 'hf_a+b/"c\\d?e';
  const forms = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    ...["", "x", "xy"].map((before) => btoa(`${before}${secret}`)),
  ];
  for (const form of forms) {
    assert.match(redact(`before ${form} after`, { HF_TOKEN: secret }), /\[secret\]/);
  }
});
