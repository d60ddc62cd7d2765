import { handleAuthRequest } from "@/lib/auth/sign-in";

/** Only what links and providers lead back to. Whatever begins or ends a session is a server action. */
export { handleAuthRequest as GET };
