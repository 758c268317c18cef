import assert from "node:assert/strict";
import { CodeDigests, tokensOf } from "../../lib/runner/code_digests.ts";
import { allowed } from "../support.ts";
import { Project } from "./project.ts";

const digests = new CodeDigests("/nowhere");
const digest = (code: string): string => digests.of("a.ts", new TextEncoder().encode(code));

Deno.test("CodeDigests.of() ignores comments, types and formatting", () => {
  const plain = digest("export const a = [1, 2];\nfunction f(x) { return x / 2; }\n");
  for (
    const code of [
      "// lead\n/** doc */ export const a = [1, /* in */ 2];\nfunction f(x) {\n  // tail\n return x / 2 }",
      "export const a: number[] = [\n  1,\n  2,\n];\nfunction f(x: number): number { return x /2; }",
      "interface X { a: 1 }\nexport const a=[1,2]\nfunction f(x){return x/ /* two */ 2}// end",
    ]
  ) assert.equal(digest(code), plain, code);
});

Deno.test("CodeDigests.of() tells any other change", () => {
  const pairs = [
    ["const a = 1;", "const a = 2;"],
    ['const a = "// x";', 'const a = "// y";'],
    ["const a = `/* x */ ${1 /* c */} // y`;", "const a = `/* z */ ${1} // y`;"],
    ["const a = `${`${1}// x`}`;", "const a = `${`${1}// y`}`;"],
    ["const a = `x  y`;", "const a = `x y`;"],
    ["const a = /[/]\\/* x/;", "const a = /[/]\\/* y/;"],
    ["if (a) / x/.test(b);", "if (a) /  x/.test(b);"],
    ["{}\n/ x/.test(b);", "{}\n/  x/.test(b);"],
    ["const a = (b) / 2 // c / d;", "const a = (b) / 3 // c / d;"],
    ["const a = () => /  x/;", "const a = () => / x/;"],
    ["f(a, /'/, '// x');", "f(a, /'/, '// y');"],
    ["a.return / '/*' / c; f('*/ x');", "a.return / '/*' / c; f('*/ y');"],
    ["i++ / '/*' ; f('*/ x');", "i++ / '/*'; f('*/ y');"],
    ["a.if(b) / '/*' / c; f('*/ x');", "a.if(b) / '/*' / c; f('*/ y');"],
    ["const a = `x ${/'/.test(b)} // x`;", "const a = `x ${/'/.test(b)} // y`;"],
    ["const a = 1. / '/*' / c; f('*/ x');", "const a = 1. / '/*' / c; f('*/ y');"],
    ["for await (const a of b) / '/*x/.test(a);", "for await (const a of b) / '/*y/.test(a);"],
    ["class A { x = 1; }", "class A { x = 2; }"],
    ["return_();\na", "return_(a);"],
    ["enum E { A, B }", "enum E { B, A }"],
  ] as const;
  for (const [one, other] of pairs) assert.notEqual(digest(one), digest(other), one);
});

Deno.test("tokensOf() gives up where a slash may be a division or begin a pattern", () => {
  assert.equal(tokensOf("{}\n/x/.test(y);"), undefined);
  assert.equal(tokensOf("i++ / '/*';"), undefined);
  assert.deepEqual(tokensOf("a / b /* c */;"), ["a", "/", "b", ";"]);
});

Deno.test({
  name: "a comment or a type in a task, or in the runner's own modules, makes nothing stale",
  ignore: !allowed("read", "write", "run", "env"),
  fn: async () => {
    await using project = await Project.create();
    await project.run("reproduce");
    for (const path of ["tasks/sum.ts", "lib/round.ts", "lib/runner/task.ts"]) {
      await project.write(path, `// A comment.\ntype Unused = 1;\n${await project.read(path)}`);
    }
    assert.match((await project.run("reproduce")).out, /All 2 targets are fresh/);
    await project.edit("lib/round.ts", "Math.round", "Math.floor");
    assert.match((await project.run("status")).out, /code lib\/round\.ts changed/);
  },
});
