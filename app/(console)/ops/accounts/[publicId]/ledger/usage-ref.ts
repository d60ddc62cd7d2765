import { z } from "zod";

/** One row of a line's usage, as a form's choice names it. */
export function usageRef(row: { hour: Date; deploymentId: number; resourceId: number }): string {
  return `${row.hour.toISOString()}/${row.deploymentId}/${row.resourceId}`;
}

const number = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

export const usageRefInput = z
  .string()
  .transform((text) => text.split("/"))
  .pipe(z.tuple([z.iso.datetime().transform((text) => new Date(text)), number, number], "Choose what to correct."))
  .transform(([hour, deploymentId, resourceId]) => ({ hour, deploymentId, resourceId }));
