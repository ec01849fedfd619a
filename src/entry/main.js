// The program: hands over to the command line, of which `serve` is one command.
import { enableCompileCache } from 'node:module'

import { projectPath } from '../foundation/platform/project-path.ts'

// Modules are compiled once, not at every start. The cache lies inside our own folder: one that others
// may write to would let them choose the code we run. A folder that cannot be written to only means slower starts.
enableCompileCache(projectPath('node_modules/.cache/doorward'))

const { runCli } = await import('./cli/run.ts')
await runCli(process.argv.slice(2))
