/**
 * `deno task setup:cuda`: puts ONNX Runtime's CUDA provider beside onnxruntime-node, and tries whether a
 * graph runs on it. It comes from the npm registry that Deno is set up for, its integrity pinned here.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { missingLibraries, WHERE_LIBRARIES } from "./cuda_libraries.ts";
import { encodeModel } from "./encode_model.ts";
import { GraphBuilder } from "./graph_builder.ts";
import { onnxRuntime } from "./onnx_runtime.ts";

/** The official build of the provider for the version of onnxruntime-node, packed by a third party. */
const PROVIDER = {
  name: "com.github.asus4.onnxruntime.linux-x64-gpu",
  version: "0.4.9",
  integrity:
    "sha512-FopIhNE/Ng+v2X65wVc9clPCBCvhvA53Hxo2U0Kf5fGdVsC7iCA+mZ0KLWggcQAj7TIZ6pNidR4AC10g74Xo6w==",
  folder: "Plugins/Linux/x64",
  files: ["libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so"],
} as const;

/** What came of it. */
interface Outcome {
  readonly ok: boolean;
  readonly message: string;
}

async function setupCuda(): Promise<Outcome> {
  const { os, arch } = Deno.build;
  if (os !== "linux" || arch !== "x86_64") {
    const message =
      `Cannot set CUDA up on ${os} ${arch}: ONNX Runtime has its CUDA provider for Linux ` +
      "on x86-64 only. The fit takes well under a second on the CPU.";
    return { ok: false, message };
  }
  print(
    `Fetches ONNX Runtime's provider for CUDA 13 (npm package ${PROVIDER.name} ${PROVIDER.version}, ` +
      "MIT licence; 179 MB packed, 230 MB on disk) …",
  );
  const reason = await installProvider();
  if (reason !== undefined) {
    const message =
      `Cannot fetch the CUDA provider: ${reason}\nIt comes from the npm registry: try again where ` +
      `that can be reached; or take ${PROVIDER.files.join(" and ")} of the same version of ONNX ` +
      `Runtime and put them into ${await providerFolder()}.`;
    return { ok: false, message };
  }
  const missing = missingLibraries();
  if (missing !== undefined) {
    const message =
      `The provider is in place, but it ${missing}. ${WHERE_LIBRARIES} cuDNN is not needed.`;
    return { ok: false, message };
  }
  const error = await tryCuda();
  return error === undefined
    ? { ok: true, message: "CUDA works: a fit on any device (auto) will use it." }
    : { ok: false, message: `The provider is in place, but CUDA does not start: ${error}` };
}

/** Where the provider has to be: beside the runtime's own library. */
async function providerFolder(): Promise<string> {
  const packageFolder = fromFileUrl(
    new URL("../../node_modules/onnxruntime-node", import.meta.url),
  );
  return join(await Deno.realPath(packageFolder), "bin", "napi-v6", "linux", "x64");
}

/** Has Deno fetch the package, checked by its integrity, and copies the provider; else the reason. */
async function installProvider(): Promise<string | undefined> {
  const temporary = await Deno.makeTempDir({ prefix: "setup-cuda-" });
  const specifier = `npm:${PROVIDER.name}@${PROVIDER.version}`;
  try {
    await Deno.writeTextFile(
      join(temporary, "deno.json"),
      JSON.stringify({ nodeModulesDir: "auto", imports: { provider: specifier } }),
    );
    await Deno.writeTextFile(
      join(temporary, "deno.lock"),
      JSON.stringify({
        version: "5",
        specifiers: { [specifier]: PROVIDER.version },
        npm: { [specifier.slice("npm:".length)]: { integrity: PROVIDER.integrity } },
        workspace: { dependencies: [specifier] },
      }),
    );
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["install", "--frozen", "--quiet"],
      cwd: temporary,
      // Its cache is of no further use.
      env: { DENO_DIR: join(temporary, "cache"), NO_COLOR: "1" },
      stdout: "null",
      stderr: "piped",
    }).output();
    if (!success) {
      const text = new TextDecoder().decode(stderr).replace(/\n+Stack backtrace:[^]*$/, "");
      return text.replace(/^error: /, "").trim();
    }
    const from = join(temporary, "node_modules", PROVIDER.name, PROVIDER.folder);
    const to = await providerFolder();
    for (const file of PROVIDER.files) {
      const half = join(to, `${file}.${crypto.randomUUID()}.tmp`);
      await Deno.copyFile(join(from, file), half);
      await Deno.rename(half, join(to, file));
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
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

function print(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
}

if (import.meta.main) {
  if (Deno.args.length > 0) {
    print(
      "Usage: deno task setup:cuda\n\nPut ONNX Runtime's CUDA libraries in place, for a GPU (179 MB).",
    );
    Deno.exit(Deno.args[0] === "--help" ? 0 : 2);
  }
  const { ok, message } = await setupCuda();
  print(message);
  Deno.exit(ok ? 0 : 1);
}
