import { runCommand } from '../dev/command.ts'
import { measureApi } from './api.ts'
import { measureBrowser } from './browser.ts'

const HELP = `npm run bench                 the API against its floor, then the list in Chromium
npm run bench -- api          the API alone
npm run bench -- browser      the list alone
The site must be built: npm run build.`

const asked = process.argv.slice(2)
if (asked.includes('--help')) console.log(HELP)
else
  await runCommand(async () => {
    if (!asked.includes('browser')) await measureApi()
    if (!asked.includes('api')) await measureBrowser()
  })
