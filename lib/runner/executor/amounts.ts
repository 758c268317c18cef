/** Seconds of a duration such as `10m`. */
export function seconds(time: string): number {
  return Number(time.slice(0, -1)) * ({ s: 1, m: 60, h: 3600 }[time.slice(-1)] ?? 1);
}

/** Bytes of an amount such as `4GiB`. */
export function bytes(amount: string): number {
  return parseFloat(amount) * 1024 ** (["KiB", "MiB", "GiB"].indexOf(amount.slice(-3)) + 1);
}

/** How many GPUs `2` or `a100:2` asks for. */
export function gpuCount(gpu: number | string = 0): number {
  return Number(String(gpu).split(":").at(-1));
}
