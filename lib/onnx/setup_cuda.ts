/**
 * `deno task setup:cuda`: puts onnxruntime's CUDA provider libraries beside onnxruntime-node, by the
 * package's own script, and tries whether a graph runs on them. The libraries are too large for the npm
 * registry: the script takes them from NuGet.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { encodeModel } from "./encode_model.ts";
import { GraphBuilder } from "./graph_builder.ts";
import { onnxRuntime } from "./onnx_runtime.ts";

const NEEDS =
  "CUDA 12 and cuDNN 9 have to be where the loader finds them (LD_LIBRARY_PATH), and an " +
  "NVIDIA driver that knows CUDA 12.";

/** The package's script is CommonJS, which Deno runs only when it is required. */
const RUN_SCRIPT = `import { createRequire } from "node:module";
createRequire(import.meta.url)(Deno.args[0]);`;

/** What came of it. */
interface Outcome {
  readonly ok: boolean;
  readonly message: string;
}

async function setupCuda(): Promise<Outcome> {
  const { os, arch } = Deno.build;
  if (os !== "linux" || arch !== "x86_64") {
    const message =
      `Cannot set CUDA up on ${os} ${arch}: onnxruntime has its CUDA libraries for Linux ` +
      "on x86-64 only. The fit takes well under a second on the CPU.";
    return { ok: false, message };
  }
  const script = new URL("../../node_modules/onnxruntime-node/script/install.js", import.meta.url);
  const command = new Deno.Command(Deno.execPath(), {
    args: ["eval", RUN_SCRIPT, fromFileUrl(script)],
    env: { ONNXRUNTIME_NODE_INSTALL: "cuda12" },
    stdout: "inherit",
    stderr: "piped",
  });
  const { success, stderr } = await command.output();
  if (!success) {
    const text = new TextDecoder().decode(stderr);
    const reason = /^.*?[Ee]rror: (?:Uncaught )?(.*)$/m.exec(text)?.[1] ?? text.trim();
    const message =
      `Cannot fetch the CUDA libraries: ${reason}. They come from api.nuget.org: try again ` +
      "where that can be reached; or take libonnxruntime_providers_shared.so and " +
      "libonnxruntime_providers_cuda.so of the same version of onnxruntime and put them beside " +
      "libonnxruntime.so.1 in node_modules/onnxruntime-node/bin.";
    return { ok: false, message };
  }
  const fault = await tryCuda();
  return fault === undefined
    ? { ok: true, message: "CUDA works: a fit on any device (auto) will use it." }
    : { ok: false, message: `The libraries are there, but CUDA does not start: ${fault} ${NEEDS}` };
}

/** Runs the smallest graph on CUDA; undefined when it went well, else the reason. */
async function tryCuda(): Promise<string | undefined> {
  const g = new GraphBuilder("float64");
  g.output("y", "Add", ["x", "x"]);
  const value = (name: string): { name: string; type: "float64"; shape: number[] } => ({
    name,
    type: "float64",
    shape: [1],
  });
  const model = await encodeModel(g.build("try", "Doubles.", [value("x")], [value("y")]), {});
  const { InferenceSession, Tensor } = await onnxRuntime();
  try {
    const session = await InferenceSession.create(model, {
      executionProviders: ["cuda"],
      logSeverityLevel: 4,
    });
    const { y } = await session.run({ x: new Tensor("float64", Float64Array.of(2), [1]) });
    return y?.data[0] === 4 ? undefined : `2 + 2 gives ${y?.data[0]}.`;
  } catch (error) {
    return error instanceof Error ? error.message.split("\n")[0] : String(error);
  }
}

if (import.meta.main) {
  const { ok, message } = await setupCuda();
  await (ok ? Deno.stdout : Deno.stderr).write(new TextEncoder().encode(`${message}\n`));
  Deno.exit(ok ? 0 : 1);
}
