/**
 * Loads onnxruntime. What it would print about an error is thrown as well: it stays silent.
 *
 * @returns The package's module.
 */
export async function onnxRuntime(): Promise<typeof import("onnxruntime-node")> {
  const runtime = await import("onnxruntime-node");
  runtime.env.logLevel = "fatal";
  return runtime;
}
