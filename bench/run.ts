import { UserError, runCommand } from '../dev/command.ts'
import { measureApi } from './api.ts'
import { measureBrowser } from './browser.ts'

const HELP = `npm run bench                 the API against its floor, then the list in Chromium
npm run bench -- api          the API alone
npm run bench -- browser      the list alone
The site must be built: npm run build. Ends with 1 when a promise is missed.`

const asked = process.argv.slice(2)
if (asked.includes('--help')) console.log(HELP)
else
  await runCommand(async () => {
    const missed = [
      ...(asked.includes('browser') ? [] : await measureApi()),
      ...(asked.includes('api') ? [] : await measureBrowser()),
    ]
    if (missed.length > 0) throw new UserError(`missed: ${missed.join('; ')}`)
  })
