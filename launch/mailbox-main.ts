import { parseArgs } from "node:util";
import { startMailbox } from "@/launch/mailbox";

const { values } = parseArgs({
  options: {
    dir: { type: "string", default: ".podmeter/mails" },
    "smtp-port": { type: "string" },
    "http-port": { type: "string" },
  },
});
const port = (text: string | undefined) => (text === undefined ? undefined : Number(text));
const mailbox = await startMailbox({
  dir: values.dir,
  smtpPort: port(values["smtp-port"]),
  httpPort: port(values["http-port"]),
});
console.log(`mailbox: ${mailbox.httpUrl} (takes mail at ${mailbox.smtpUrl}, kept in ${values.dir})`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void mailbox.stop().then(() => process.exit(0)));
}
