/**
 * Preloaded into the processes that `npm start` starts: when that one is gone without having stopped them (killed, out
 * of memory), their whole group ends too. workerd, for one, would live on and keep its port.
 */
const LOOK_EVERY_MS = 500
const parent = Number(process.env['MARGIN_PARENT'])

// A process that these start in turn finds another parent, and is ended with the group.
if (process.ppid === parent)
  setInterval(() => {
    if (process.ppid !== parent) process.kill(0, 'SIGKILL')
  }, LOOK_EVERY_MS).unref()
