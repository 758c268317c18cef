import type { Resources } from "../../config/definition.ts";
import type { PlannedTarget } from "../../config/planned.ts";
import type { TargetName } from "../../names.ts";
import { canonicalJson } from "../../key.ts";
import type { Json } from "../../names.ts";

/** A target that is to have a job. */
export interface Wanted {
  readonly target: PlannedTarget;
  readonly resources: Resources;
}

/** Where the job of a target is: an array, and its index there. */
export interface Place<Queued> {
  readonly array: Queued;
  readonly index: number;
}

/** An array that is to be submitted. */
export interface JobArray<Queued> {
  readonly elements: readonly (Wanted & { readonly index: number })[];
  /** The array each of whose elements waits for that of the same index, if there is one. */
  readonly corresponds: Queued | undefined;
  /** Elements of other arrays for which all of this one wait. */
  readonly after: ReadonlyMap<Queued, ReadonlySet<number>>;
}

/** Most arrays into which a family is divided by what they wait for. */
const MAX_DIVISION = 8;

/**
 * Divides targets into arrays: those of one task, with equal resources and at an equal depth, are
 * one array, whose elements wait for that of the same index of another where each has its own.
 * Otherwise those that wait for the same are one array; where that would be too many, all are one,
 * and each of them waits for all that one of them needs.
 *
 * @param wanted In dependency order.
 * @param placed Where the jobs are that wait or run; what is needed and not among them is there, or
 * is one of those wanted.
 * @param largest Most elements of an array.
 * @param submit Submits an array and gives what it is known by; arrays come after what they wait for.
 */
export async function submitArrays<Queued>(
  wanted: readonly Wanted[],
  placed: Map<TargetName, Place<Queued>>,
  largest: number,
  submit: (array: JobArray<Queued>) => Promise<Queued | undefined>,
): Promise<void> {
  for (const family of families(wanted)) {
    for (const part of divide(family, placed)) {
      for (let start = 0; start < part.length; start += largest) {
        const array = arrange(part.slice(start, start + largest), placed);
        const queued = await submit(array);
        if (queued === undefined) continue;
        for (const { target, index } of array.elements) {
          placed.set(target.name, { array: queued, index });
        }
      }
    }
  }
}

/** Targets of one task with equal resources at an equal depth, the least depth first. */
function families(wanted: readonly Wanted[]): Wanted[][] {
  const depths = new Map<TargetName, number>();
  const found = new Map<string, Wanted[]>();
  for (const one of wanted) {
    const { target, resources } = one;
    const depth = 1 + Math.max(-1, ...needsOf(target).map((need) => depths.get(need) ?? -1));
    depths.set(target.name, depth);
    const kind = canonicalJson([depth, target.taskId, resources as Json, [...target.env]]);
    const family = found.get(kind);
    if (family === undefined) found.set(kind, [one]);
    else family.push(one);
  }
  const depthOf = ([first]: readonly Wanted[]): number => depths.get(first!.target.name) ?? 0;
  return [...found.values()].sort((a, b) => depthOf(a) - depthOf(b));
}

/** The targets that make the inputs of a target. */
export function needsOf({ inputs }: PlannedTarget): TargetName[] {
  return [...new Set([...inputs.values()].flatMap(({ producer }) => producer ?? []))];
}

function placesOf<Queued>(
  { target }: Wanted,
  placed: ReadonlyMap<TargetName, Place<Queued>>,
): Place<Queued>[] {
  return needsOf(target).flatMap((need) => placed.get(need) ?? []);
}

/** Divides a family by the arrays that its members wait for, and further by the elements. */
function divide<Queued>(
  family: readonly Wanted[],
  placed: ReadonlyMap<TargetName, Place<Queued>>,
): Wanted[][] {
  const numbers = new Map<Queued, number>();
  const numberOf = ({ array }: Place<Queued>): number => {
    const number = numbers.get(array) ?? numbers.size;
    numbers.set(array, number);
    return number;
  };
  const by = (
    members: readonly Wanted[],
    name: (place: Place<Queued>) => string,
  ): Wanted[][] => [
    ...Map.groupBy(members, (one) => [...new Set(placesOf(one, placed).map(name))].sort().join())
      .values(),
  ];
  return by(family, (place) => `${numberOf(place)}`).flatMap((part) => {
    if (corresponding(part, placed) !== undefined) return [part];
    const parts = by(part, (place) => `${numberOf(place)}_${place.index}`);
    return parts.length > MAX_DIVISION ? [part] : parts;
  });
}

/** The array of which each member waits for its own element, and else for the same. */
function corresponding<Queued>(
  part: readonly Wanted[],
  placed: ReadonlyMap<TargetName, Place<Queued>>,
): Queued | undefined {
  if (part.length < 2) return undefined;
  const all = part.map((one) => placesOf(one, placed));
  const arrays = new Set(all.flat().map(({ array }) => array));
  return [...arrays].find((array) => {
    const own = all.map((places) => places.filter((place) => place.array === array));
    const indexes = new Set(own.flat().map(({ index }) => index));
    if (!own.every(({ length }) => length === 1) || indexes.size !== part.length) return false;
    return [...arrays].every((other) => {
      if (other === array) return true;
      const sets = all.map((places) =>
        places.flatMap((place) => place.array === other ? place.index : []).sort().join()
      );
      return new Set(sets).size === 1;
    });
  });
}

function arrange<Queued>(
  part: readonly Wanted[],
  placed: ReadonlyMap<TargetName, Place<Queued>>,
): JobArray<Queued> {
  const corresponds = corresponding(part, placed);
  const after = new Map<Queued, Set<number>>();
  const elements = part.map((one, i) => {
    let index = i;
    for (const place of placesOf(one, placed)) {
      if (place.array === corresponds) index = place.index;
      else after.set(place.array, (after.get(place.array) ?? new Set()).add(place.index));
    }
    return { ...one, index };
  });
  return { elements, corresponds, after };
}
