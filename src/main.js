// The program: hands over to the command line, of which `serve` is one command. Plain JavaScript, so that nothing has to
// strip types before the cache is on.
import { enableCompileCache } from 'node:module'
import { setFlagsFromString } from 'node:v8'

import { placeOf } from './platform/place.ts'

// Room for new objects grows to 8 MiB and not to 16: a server that just served many keeps 40 MiB less, and is as fast.
setFlagsFromString('--max-semi-space-size=8')

// Types are stripped and modules compiled once, not at every start. The cache lies inside our own folder: one that others
// may write to would let them choose the code we run. A folder that cannot be written to only means slower starts.
enableCompileCache(placeOf('node_modules/.cache/doorward'))

const { runCli } = await import('./cli/run.ts')
await runCli(process.argv.slice(2))
