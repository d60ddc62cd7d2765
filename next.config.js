/** Next's own bootstrap scripts and React's style attributes are inline, hence 'unsafe-inline'; nothing is loaded from elsewhere. */
const csp = (development) =>
  [
    "default-src 'self'",
    `script-src 'self' 'unsafe-inline'${development ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${development ? " ws:" : ""}`,
    "object-src 'none'",
    "base-uri 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

const securityHeaders = [
  { key: "Content-Security-Policy", value: csp(process.env.NODE_ENV === "development") },
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), browsing-topics=()" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  // Browsers heed it over HTTPS only, so it does no harm on localhost.
  { key: "Strict-Transport-Security", value: "max-age=31536000" },
];

/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // They load files by path, or are required by others at run time.
  serverExternalPackages: [
    "bullmq",
    "pg",
    "ioredis",
    "postgres",
    "pino",
    "nodemailer",
    "drizzle-orm",
    "rate-limiter-flexible",
    "@bull-board/api",
    "@bull-board/hono",
    "@bull-board/ui",
  ],
  outputFileTracingIncludes: {
    "/ops/queues/[[...path]]": ["./node_modules/@bull-board/ui/dist/**/*"],
  },
  experimental: { optimizePackageImports: ["@tremor/react", "react-aria-components"] },
  headers: async () => [{ source: "/:path*", headers: securityHeaders }],
};
