/**
 * Preloaded into every child of the supervisor: when the channel to it closes, it is dead, and the child ends too. Also a
 * supervisor that was killed by SIGKILL leaves nothing behind this way.
 */
const LONGEST_GOODBYE_MS = 5_000;

if (process.channel) {
  process.once("disconnect", () => {
    // Nobody reads what we print any more.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
    if (process.listenerCount("SIGTERM") === 0) process.exit(1);
    setTimeout(() => process.exit(1), LONGEST_GOODBYE_MS).unref();
    process.kill(process.pid, "SIGTERM");
  });
  // The channel alone is no reason for a child to go on.
  process.channel.unref();
}
