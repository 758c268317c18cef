/** What the CUDA provider of ONNX Runtime links to, by the names that the loader looks for. */
const LIBRARIES = {
  "libcuda.so.1": "the NVIDIA driver, 580 or later",
  "libcudart.so.13": "CUDA 13",
  "libcublas.so.13": "cuBLAS 13",
  "libcublasLt.so.13": "cuBLAS 13",
  "libcurand.so.10": "cuRAND 10",
} as const;

/** Where the loader looks for them. */
export const WHERE_LIBRARIES =
  "They are looked for in the folders of LD_LIBRARY_PATH and of ldconfig.";

/**
 * Says which of the libraries that CUDA needs cannot be loaded, by name. Needs permission for native
 * code.
 *
 * @returns Undefined where none is missing.
 */
export function missingLibraries(): string | undefined {
  const missing = Object.entries(LIBRARIES).filter(([name]) => !canLoad(name));
  if (missing.length === 0) return undefined;
  return `cannot load ${missing.map(([name, from]) => `${name} (${from})`).join(", ")}`;
}

function canLoad(name: string): boolean {
  try {
    Deno.dlopen(name, {}).close();
    return true;
  } catch {
    return false;
  }
}
