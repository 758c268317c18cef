import assert from "node:assert/strict";
import { describeSystemError, endingOf, systemCode } from "../../lib/base/ending.ts";
import { InputError } from "../../lib/base/errors.ts";
import { allowed } from "../support.ts";
import { Project } from "./project.ts";

/** An error as Deno makes it. */
function refusal(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

Deno.test("systemCode() is that of the system's errors, and undefined for others", () => {
  assert.equal(systemCode(refusal("x", "ENOSPC")), "ENOSPC");
  assert.equal(systemCode(refusal("x", "ERR_INVALID_ARG_TYPE")), undefined);
  assert.equal(systemCode(new Error("x")), undefined);
  assert.equal(systemCode("ENOSPC"), undefined);
  assert.equal(systemCode(new Error("No locks available (os error 37)")), "E37");
  assert.equal(systemCode(new InputError("x: No locks available (os error 37)")), undefined);
});

Deno.test("describeSystemError() names what was tried, the reason and the remedy", () => {
  const full = "No space left on device (os error 28)";
  assert.equal(
    describeSystemError(refusal(`${full}: writefile '/p/cache/records/a'`, "ENOSPC"), "/p"),
    "Cannot write cache/records/a: no space left on device. " +
      "Free some space and run again; finished targets are kept.",
  );
  for (const end of [".part", ".8a952288-8479-44a4-84bf-d47eb51a83ab.tmp"]) {
    const refused = refusal(
      `Permission denied (os error 13): open '/p/captions.md${end}'`,
      "EACCES",
    );
    assert.match(
      describeSystemError(refused, "/p"),
      /^Cannot open captions\.md: permission denied\. Change its permissions, or work in a copy/,
    );
  }
  assert.match(describeSystemError(refusal(full, "ENOSPC")), /^No space left on device\. Free/);
  assert.equal(
    describeSystemError(
      new TypeError(
        "Import 'a.ts' failed.\n    0: Input/output error (os error 5)\n    at b.ts:2:2",
      ),
    ),
    "Import a.ts failed. Input/output error. Correct it and run again.",
  );
});

Deno.test("endingOf() never shows a stack trace unasked", () => {
  assert.deepEqual(endingOf(new InputError("wrong"), "/p"), { message: "wrong", code: 2 });
  for (const thrown of [new TypeError("a bug"), "text", null, { a: 1 }]) {
    const { message, code } = endingOf(thrown, "/p");
    assert.equal(code, 1);
    assert.match(message, /please report it/);
    assert.doesNotMatch(message, /^ {4}at /m);
  }
  assert.match(endingOf(new TypeError("a bug"), "/p", true).message, /^ {4}at /m);
});

Deno.test({
  name: "commands say in words that the cache's folder is a file, and exit with 2",
  ignore: !allowed("read", "write", "run", "env"),
  fn: async () => {
    await using project = await Project.create();
    await project.write("cache", "a file");
    for (const command of ["reproduce", "gc"]) {
      const { code, err } = await project.run(command);
      assert.equal(code, 2, err);
      assert.match(err, /^Cannot make the folder cache\/locks: .*Move away the file/);
      assert.doesNotMatch(err, /Uncaught|^ {4}at /m);
    }
  },
});
