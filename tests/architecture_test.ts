import assert from "node:assert/strict";
import { dirname, fromFileUrl, join, normalize } from "@std/path";
import { allowed } from "./support.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));
const ignore = !allowed("read");

/** What each folder may import beside itself; a lower floor stands above a higher one. */
const FLOORS: Readonly<Record<string, readonly string[]>> = {
  "lib/base": [],
  "lib/stats": [],
  "lib/runner": ["lib/base"],
  "lib/onnx": ["lib/stats"],
  "lib/artifact": ["lib/base", "lib/stats"],
  "lib/fetch": ["lib/base"],
  "lib/responses": ["lib/base", "lib/stats", "lib/artifact", "lib/fetch"],
  "lib/estimation": ["lib/base", "lib/stats", "lib/onnx", "lib/responses"],
  "lib/pool": ["lib/base", "lib/stats"],
  "lib/game": ["lib/base", "lib/stats", "lib/artifact"],
  "lib/claims": ["lib/stats", "lib/artifact", "lib/game"],
  "lib/figure": ["lib/stats", "lib/artifact", "lib/estimation", "lib/game", "lib/claims"],
  "lib/robustness": [
    "lib/base",
    "lib/stats",
    "lib/onnx",
    "lib/artifact",
    "lib/responses",
    "lib/estimation",
    "lib/pool",
    "lib/game",
    "lib/claims",
  ],
  "lib/page": [
    "lib/base",
    "lib/stats",
    "lib/onnx",
    "lib/artifact",
    "lib/responses",
    "lib/estimation",
    "lib/pool",
    "lib/game",
    "lib/claims",
    "lib/figure",
    "lib/runner",
  ],
  "lib/commands": [
    "lib/base",
    "lib/artifact",
    "lib/game",
    "lib/claims",
    "lib/robustness",
    "lib/responses",
    "lib/runner",
    "lib/page",
  ],
  "lib/shared_cache": ["lib/base", "lib/fetch", "lib/runner"],
  "lib/main.ts": ["lib/commands", "lib/fetch", "lib/runner", "lib/shared_cache"],
};

/** The words of this paper, which the runner must not know. */
const PAPER =
  /hugging|HF_|\bhub\b|cuda|onnx|fiml|pool|responses|benchmark|figures?\b|paper|\bpdfs?\b|npz/gi;

/** What only tasks and commands know: paths of the project, its params, its command line. */
const PROJECT = /workflow\.yaml|deno task|--set\b|"(cache|figures)\//g;

/** The command `deno task setup:cuda` is a program of its own. */
const PROGRAMS = ["lib/onnx/setup_cuda.ts"];

function modules(folder: string): string[] {
  return [...Deno.readDirSync(join(ROOT, folder))].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return isDirectory ? modules(path) : /\.ts$/.test(name) ? [path] : [];
  });
}

/** The imports of a module within the project; those of types count where asked for. */
function imports(path: string, types: boolean): string[] {
  const text = Deno.readTextFileSync(join(ROOT, path)).replace(/^\s*\*.*$/gm, "");
  const found = [
    ...text.matchAll(/(import|export) (type )?[^;"]*?from "(\.[^"$]+)"|import\("(\.[^"]+)"\)/g),
  ];
  return found.filter(([, , type]) => types || type === undefined)
    .map(([, , , from, loaded]) => normalize(join(dirname(path), from ?? loaded ?? "")));
}

function floorOf(path: string): string {
  return Object.keys(FLOORS).find((floor) => path === floor || path.startsWith(`${floor}/`)) ?? "";
}

/** A circle of modules, if there is one. */
function circle(paths: readonly string[], types: boolean): readonly string[] {
  const done = new Set<string>();
  const visit = (path: string, above: readonly string[]): readonly string[] => {
    if (above.includes(path)) return [...above.slice(above.indexOf(path)), path];
    if (done.has(path)) return [];
    done.add(path);
    for (const next of imports(path, types)) {
      const found = visit(next, [...above, path]);
      if (found.length > 0) return found;
    }
    return [];
  };
  return paths.map((path) => visit(path, [])).find(({ length }) => length > 0) ?? [];
}

Deno.test({
  name: "each folder of lib imports only from its floors below, types too; none imports tasks",
  ignore,
  fn: () => {
    for (const path of modules("lib")) {
      const floor = floorOf(path);
      assert.notEqual(floor, "", `${path} is on no floor: add its folder to the table`);
      for (const target of imports(path, true)) {
        const other = floorOf(target);
        const fine = other === floor || FLOORS[floor]?.includes(other);
        assert.ok(fine, `${path} imports ${target}: ${floor} may not import ${other || target}`);
      }
    }
  },
});

Deno.test({
  name: "modules import each other in no circle; in the runner, not even their types",
  ignore,
  fn: () => {
    assert.deepEqual(circle([...modules("lib"), ...modules("tasks")], false), []);
    assert.deepEqual(circle([...modules("lib/base"), ...modules("lib/runner")], true), []);
  },
});

Deno.test({
  name: "the runner knows no word of the paper",
  ignore,
  fn: () => {
    for (const path of [...modules("lib/runner"), ...modules("lib/base")]) {
      const found = Deno.readTextFileSync(join(ROOT, path)).match(PAPER) ?? [];
      assert.deepEqual([...found], [], path);
    }
  },
});

Deno.test({
  name: "the science knows no path, no param and no command of the project",
  ignore,
  fn: () => {
    // The page tells its reader which commands there are.
    const above = [
      "lib/base",
      "lib/runner",
      "lib/commands",
      "lib/page",
      "lib/shared_cache",
      "lib/main.ts",
    ];
    for (const path of modules("lib")) {
      if (above.includes(floorOf(path)) || PROGRAMS.includes(path)) continue;
      const found = Deno.readTextFileSync(join(ROOT, path)).match(PROJECT) ?? [];
      assert.deepEqual([...found], [], path);
    }
  },
});
