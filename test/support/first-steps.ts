// The first steps of somebody with a fresh clone: the start script, the link it prints, a shell.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { TestContext } from 'node:test'

import { totpStep } from '../../src/factors/totp/totp.ts'
import { Authenticator } from './authenticator.ts'
import { temporaryFolder } from './databases.ts'
import { ROOT } from './markdown.ts'
import { freePort } from './ports.ts'

const PATH = [join(ROOT, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
/** Guards against hanging only. */
const STARTS_WITHIN = 300_000
const SHELL_ENDS_WITHIN = 600_000

export interface Started {
  readonly url: string
  /** The token of the set-up link that was printed. */
  readonly setupToken: string
}

/** What `npm start` runs once everything is installed, on a free port and in a folder of its own; ends with the test. */
export async function startScript(t: TestContext): Promise<Started> {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } }
  const port = await freePort()
  const flags = ['--port', String(port), '--data-dir', await temporaryFolder(t)].map(quoted).join(' ')
  const child = spawn('sh', ['-c', `exec ${scripts.start} ${flags}`], {
    cwd: ROOT,
    env: { PATH },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  endWith(t, child)
  const printed = await outputUntil(child, /\/setup\/(dwl_[\w-]+)/)
  return { url: `http://localhost:${port}`, setupToken: printed[1] ?? '' }
}

async function outputUntil(child: ChildProcess, wanted: RegExp): Promise<RegExpExecArray> {
  const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>()
  let said = ''
  const give = (why: string) => () => reject(new Error(`${why}:\n${said}`))
  const late = setTimeout(give('The server was not ready in time'), STARTS_WITHIN)
  child.once('close', give('The server ended'))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
    const found = wanted.exec(said)
    if (found) resolve(found)
  })
  return promise.finally(() => clearTimeout(late))
}

function endWith(t: TestContext, child: ChildProcess): void {
  const ended = once(child, 'close')
  const kill = (): unknown => child.kill('SIGKILL')
  process.once('exit', kill)
  t.after(async () => {
    child.kill('SIGTERM')
    await ended
    process.off('exit', kill)
  })
}

/** An app that shows a code nobody has used yet, without waiting for it: the one after the present one counts already. */
export class FreshCodes {
  readonly #app: Authenticator
  #last = 0

  constructor(setupKey: string) {
    this.#app = new Authenticator(setupKey)
  }

  next(): string {
    const now = Date.now()
    const step = Math.max(totpStep(now), this.#last + 1)
    this.#last = step
    return this.#app.code(now, step - totpStep(now))
  }
}

export interface SetUp {
  readonly codes: FreshCodes
  readonly token: string
}

/** Makes the first admin behind the link, as the page's form does, and enrols their app. */
export async function setUp({ url, setupToken }: Started, username: string, password: string): Promise<SetUp> {
  const sent = await fetch(`${url}/setup/${setupToken}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: url },
    body: new URLSearchParams({ username, password }),
  })
  assert.equal(sent.status, 303, await sent.text())
  const attempt = /^[^=]+=([^;]+)/.exec(sent.headers.getSetCookie()[0] ?? '')?.[1]
  const codes = new FreshCodes(String((await post(`${url}/attempts/totp`, { attempt }))['secret']))
  const complete = await post(`${url}/attempts/totp/confirm`, { attempt, code: codes.next() })
  const { access_token: token } = complete['session'] as { access_token: string }
  return { codes, token }
}

async function post(url: string, payload: object): Promise<Record<string, unknown>> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
  })
  const text = await answer.text()
  assert.equal(answer.status, 200, text)
  return JSON.parse(text) as Record<string, unknown>
}

export interface ShellSession {
  /** What is typed at each prompt, in order; it is handed everything that was printed before. */
  readonly answers: readonly ((printed: string) => string)[]
  /** Folders to look for programs in before all others. */
  readonly programs?: readonly string[]
}

/** Runs a script, types an answer whenever it asks, and gives everything it printed. */
export async function runShell(script: string, { answers, programs = [] }: ShellSession): Promise<string> {
  const env = { PATH: [...programs, PATH].join(delimiter), NO_PROXY: '*' }
  const shell = spawn('sh', ['-eu', '-c', script], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: SHELL_ENDS_WITHIN,
  })
  const waiting = [...answers]
  let printed = ''
  let failure: unknown
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
    // A prompt is what ends with a colon and a space; no answer of the server does.
    if (!printed.endsWith(': ')) return
    try {
      shell.stdin.write(`${waiting.shift()?.(printed) ?? ''}\n`)
    } catch (error) {
      failure = error
      shell.kill()
    }
  })
  const [code] = (await once(shell, 'close')) as [number | null]
  assert.equal(failure, undefined, `nothing could be answered to:\n${printed}`)
  assert.equal(code, 0, printed)
  assert.equal(waiting.length, 0, `it asked less often than expected:\n${printed}`)
  return printed
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
