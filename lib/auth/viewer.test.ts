import { expect, it } from "vitest";
import { operatorContext, type Viewer } from "@/lib/auth/viewer";

const owner: Viewer = {
  userId: "u1",
  email: "owner@example.test",
  name: "Owner",
  isOperator: false,
  accounts: [{ accountId: 1, publicId: "acc_1", name: "Own", role: "owner", mayViewBilling: true }],
  account: null,
};

it.each([1, 2])(
  "nobody but an operator acts as one, not even on an account of their own: account %d (R1, R2)",
  (accountId) => {
    expect(() => operatorContext(owner, accountId)).toThrow("Only operators of the platform may do this.");
  },
);
