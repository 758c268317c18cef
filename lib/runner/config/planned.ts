import type { Json, TargetName, TaskId } from "../names.ts";
import type { TaskCode } from "../modules.ts";
import type { Project } from "../project.ts";
import type { TaskDefinition } from "./definitions.ts";
import type { MapNode } from "./document.ts";
import type { ResolvedTarget } from "./expand.ts";
import type { Place } from "./location.ts";

/** A file that a target reads: made by another target, or a person's own. */
export interface PlannedInput {
  readonly path: string;
  readonly place: Place;
  /** The target that makes it; undefined for a person's own file. */
  readonly producer: TargetName | undefined;
}

/** A target that is ready to have its key computed. */
export interface PlannedTarget {
  readonly name: TargetName;
  readonly place: Place;
  readonly description: string;
  /** Whether `reproduce` leaves it out. */
  readonly onRequest: boolean;
  readonly taskId: TaskId;
  readonly task: TaskDefinition;
  /** As resolved, valid by the task's schema, which the task itself applies: once. */
  readonly params: Readonly<Record<string, Json>>;
  /** Hosts that the task may reach. */
  readonly network: readonly string[];
  readonly inputs: ReadonlyMap<string, PlannedInput>;
  /** Paths relative to the project by the task's logical names. */
  readonly outputs: ReadonlyMap<string, string>;
  readonly env: readonly string[];
  readonly resources: ResolvedTarget["resources"];
}

/** The whole workflow, valid. */
export interface Plan {
  readonly project: Project;
  /** Folder of workflow.yaml, absolute. */
  readonly root: string;
  /** In dependency order: a target stands after all that it needs. */
  readonly targets: ReadonlyMap<TargetName, PlannedTarget>;
  /** The section `params` with what was set for this run. */
  readonly params: MapNode;
  /** Root seed, from `params.seed`. */
  readonly seed: string;
  /** What the results are made from, if the project says so. */
  readonly origin: string | undefined;
  /** The code of the tasks. */
  readonly code: ReadonlyMap<TaskId, TaskCode>;
}
