import { join } from "@std/path";
import type { Claim } from "../claims/claim.ts";
import { planWorkflow } from "../runner/config/plan.ts";
import { matching, select } from "../runner/cli/select.ts";
import type { Command } from "../runner/cli/command.ts";
import { make } from "../runner/cli/make.ts";
import { columns, listenerAside, write } from "../runner/cli/output.ts";
import { wrap } from "../base/wrap.ts";

/** The targets that hold claims against figures. */
const TARGETS = "cache/claims_*";

/** `claims`: builds the figures and holds the paper's and the textbook's statements against them. */
export const claims: Command = async (project, options) => {
  const code = await make(
    project,
    options,
    (plan) => select(plan, [TARGETS]),
    listenerAside({ quiet: true }),
  );
  if (code !== 0 || options.dryRun) return code;
  const plan = await planWorkflow(project, options.overrides);
  const all: { readonly target: string; readonly claims: readonly Claim[] }[] = [];
  for (const target of matching(plan, [TARGETS])) {
    all.push({ target, claims: JSON.parse(await Deno.readTextFile(join(project.root, target))) });
  }
  write(options.json ? `${JSON.stringify(all)}\n` : report(all));
  return 0;
};

function report(
  all: readonly { readonly target: string; readonly claims: readonly Claim[] }[],
): string {
  const width = Math.min(100, columns());
  const lines = all.flatMap(({ target, claims }) => [
    "",
    target.replace(/^cache\/claims_(.*)\.json$/, "$1").replaceAll("_", " "),
    ...claims.flatMap(({ figure, statement, measured, holds }) => [
      ...wrap(
        `${holds === null ? "  -  " : holds ? "holds" : "FAILS"}  ${statement}`,
        width,
        "       ",
      ),
      ...wrap(`       ${measured}`, width, "       "),
      `       ${figure}`,
    ]),
  ]);
  const every = all.flatMap(({ claims }) => claims);
  const applicable = every.filter(({ holds }) => holds !== null);
  const held = applicable.filter(({ holds }) => holds).length;
  const others = every.length - applicable.length;
  return `${lines.join("\n")}\n\n${held} of ${applicable.length} statements hold${
    others > 0 ? `; ${others} do not apply` : ""
  }.\n`;
}
