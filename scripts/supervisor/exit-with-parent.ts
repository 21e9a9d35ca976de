/** Preloaded into each child: a supervisor that was killed leaves no orphan behind. */
process.on('disconnect', () => process.exit(1));
// A listener holds the process open; this one must not.
process.channel?.unref();
