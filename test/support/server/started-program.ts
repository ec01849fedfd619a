// Programs of other projects that run beside a server: started for one test, stopped with it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { basename } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

/** Guards against hanging only. */
const STARTS_WITHIN = 120_000
const STOPS_WITHIN = 15_000

export interface StartedProgram {
  /** Everything that the program has written to stdout and stderr. */
  output(): string
  /** Sends the signal `stopWith`; resolves when the program has ended. */
  stop(): Promise<void>
}

export interface StartOptions {
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  readonly account?: { readonly uid?: number; readonly gid?: number }
  /** The signal that ends the program without waiting for its clients; `SIGTERM` by default. */
  readonly stopWith?: NodeJS.Signals
  /** Whether the program is ready; a rejection counts as not ready. */
  readonly ready: () => Promise<boolean>
}

/** Starts a program that runs until it is stopped; resolves when it is ready. It is stopped with the test at the latest. */
export async function startedProgram(
  t: TestContext,
  [path, ...args]: readonly [string, ...string[]],
  { env, cwd, account = {}, stopWith = 'SIGTERM', ready }: StartOptions,
): Promise<StartedProgram> {
  const name = [basename(path), ...args].join(' ')
  const child = spawn(path, args, { ...account, cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = once(child, 'close')
  const end = (): unknown => child.kill(stopWith)
  const stop = async (): Promise<void> => {
    end()
    const late = setTimeout(() => child.kill('SIGKILL'), STOPS_WITHIN)
    await ended.finally(() => clearTimeout(late))
  }
  process.once('exit', end)
  t.after(() => stop().finally(() => process.off('exit', end)))
  await waitUntil(async () => {
    if (child.exitCode !== null) throw new Error(`${name} ended (exit code ${child.exitCode}):\n${said}`)
    return ready().catch(() => false)
  }).catch((cause: unknown) => {
    throw new Error(`${name} did not start:\n${said}`, { cause })
  })
  return { output: () => said, stop }
}

/** Repeats the check until it returns true; rejects with what `check` throws, and after a time limit. */
export async function waitUntil(check: () => Promise<boolean>): Promise<void> {
  const late = performance.now() + STARTS_WITHIN
  while (!(await check())) {
    if (performance.now() > late) throw new Error(`It was not so within ${STARTS_WITHIN} ms.`)
    await sleep(20)
  }
}

/** Whether a server answers at that URL at all. */
export async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  )
}
