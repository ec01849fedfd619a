// Entry point of the program: passes the arguments to the command line, of which `serve` is one command.
import { enableCompileCache } from 'node:module'

import { projectPath } from '../foundation/platform/project.ts'

// Node caches compiled modules, which makes each start faster. The cache lies in the program's own folder: in a folder that other users may
// write to, they could replace the code that runs. In a read-only folder the cache is not used and a start takes longer.
enableCompileCache(projectPath('node_modules/.cache/doorward'))

const { runCli } = await import('./cli/run.ts')
await runCli(process.argv.slice(2))
