"use client";

/** Tremor's surfaces. They use hooks and contexts, so they come through a client file. */
export { Badge, Card } from "@tremor/react";
