import { handleAuthRequest } from "@/lib/auth/sign-in";

/** Where mailed links and providers lead back to: all of next-auth's routes that are needed. Whatever begins or ends a session is a server action. */
export { handleAuthRequest as GET };
