// The process of the stories' commands: it runs the command lines that it is sent one after the other, each as the program does, and ends with
// the process that started it.
import { runCli } from '#entry/cli/run.ts'
import { END } from './command-process.ts'
import type { CommandLine } from './processes.ts'

process.on('message', (line: CommandLine) => void obey(line))

async function obey({ args, cwd, env }: CommandLine): Promise<void> {
  process.chdir(cwd)
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, env)
  process.exitCode = undefined
  await runCli(args)
  const code = Number(process.exitCode ?? 0)
  process.exitCode = undefined
  // The folder is removed with its test.
  process.chdir(import.meta.dirname)
  // The program expects to run once: it adds a listener for a reader that closes early.
  process.stdout.removeAllListeners('error')
  await Promise.all([process.stdout, process.stderr].map(endOutput))
  process.send?.(code)
}

/** Writes the mark after which the output of the next command begins. */
function endOutput(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write(END, () => resolve()))
}
