// Runs commands one after the other in a process that stays: starting the program costs several times what most commands do.
import { type ChildProcess, fork } from 'node:child_process'
import type { Socket } from 'node:net'
import { join } from 'node:path'

import type { CommandLine, Ended } from './processes.ts'

const PROGRAM = join(import.meta.dirname, 'command-process-main.ts')

/** Stands on both outputs after those of a command. */
export const END = '\0end of the command\0'

/** Processes that wait for the next command of any test; two commands at once run in two of them. */
const idle: CommandProcess[] = []

/** Runs the command line in a process with the program's sources, in which other commands may have run before. */
export async function runInKeptProcess(line: CommandLine): Promise<Ended> {
  const kept = idle.pop() ?? new CommandProcess()
  const ended = await kept.run(line)
  if (kept.isAlive) idle.push(kept)
  return ended
}

class CommandProcess {
  readonly #child: ChildProcess
  readonly #said = { stdout: '', stderr: '' }
  #code: number | undefined
  #running: PromiseWithResolvers<Ended> | undefined
  isAlive = true

  constructor() {
    this.#child = fork(PROGRAM, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: ['--disable-warning=ExperimentalWarning'],
      env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE },
    })
    for (const name of ['stdout', 'stderr'] as const) {
      this.#child[name]?.setEncoding('utf8').on('data', (text: string) => {
        this.#said[name] += text
        this.#endIfComplete()
      })
    }
    this.#child.on('message', (code: number) => {
      this.#code = code
      this.#endIfComplete()
    })
    this.#child.on('close', (code) => this.#close(code))
  }

  run(line: CommandLine): Promise<Ended> {
    this.#running = Promise.withResolvers()
    Object.assign(this.#said, { stdout: '', stderr: '' })
    this.#code = undefined
    this.#keepsTestsAlive(true)
    this.#child.send(line)
    return this.#running.promise
  }

  #endIfComplete(): void {
    const { stdout, stderr } = this.#said
    if (this.#code === undefined || !stdout.endsWith(END) || !stderr.endsWith(END)) return
    this.#keepsTestsAlive(false)
    this.#end({ code: this.#code, stdout: stdout.slice(0, -END.length), stderr: stderr.slice(0, -END.length) })
  }

  #end(ended: Ended): void {
    this.#running?.resolve(ended)
    this.#running = undefined
  }

  /** A command may end the process, as an exception that nothing catches does. Between commands only what one of them left behind can. */
  #close(code: number | null): void {
    this.isAlive = false
    if (this.#running === undefined)
      throw new Error(`after its command the process ended with ${code}: ${this.#said.stderr}`)
    this.#end({ code, ...this.#said })
  }

  /** The waiting process does not keep that of the tests from ending. */
  #keepsTestsAlive(wanted: boolean): void {
    const { stdout, stderr, channel } = this.#child
    const handles = [this.#child, channel, stdout as Socket | null, stderr as Socket | null]
    for (const handle of handles) {
      if (wanted) handle?.ref()
      else handle?.unref()
    }
  }
}
