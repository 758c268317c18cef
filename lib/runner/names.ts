declare const brand: unique symbol;

/** Name of a target in workflow.yaml: the path that it makes, or a name with several outputs. */
export type TargetName = string & { readonly [brand]: "TargetName" };

/** A task's module, as a path relative to the project, with forward slashes. */
export type TaskId = string & { readonly [brand]: "TaskId" };

/** A value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | {
  readonly [name: string]: Json;
};
