/**
 * Preloaded into the processes that `npm start` starts: when it ends without having stopped them (killed, out of
 * memory), their whole process group ends too. Otherwise workerd, for one, would run on and keep its port.
 */
const PARENT_CHECK_MS = 500
const parent = Number(process.env['MARGIN_PARENT'])

// Processes that these start in turn have another parent, and are ended with the group.
if (process.ppid === parent)
  setInterval(() => {
    if (process.ppid !== parent) process.kill(0, 'SIGKILL')
  }, PARENT_CHECK_MS).unref()
