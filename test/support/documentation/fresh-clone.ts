// The first steps of an operator with a fresh clone: a shell, `npm start`, the set-up link that it prints, the first admin.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { delimiter, dirname, join } from 'node:path'
import type { TestContext } from 'node:test'

import { totpStep } from '#domain/factors/totp/totp.ts'
import { Authenticator } from '../../../clients/test/src/codes.ts'
import { CHEAP_HASH } from '../../../clients/test/src/server-process.ts'
import { SoftwareAuthenticator } from '../../../clients/test/src/software-authenticator.ts'
import { temporaryFolder } from '../databases/temporary.ts'
import { freePort } from '../server/ports.ts'
import { ROOT } from './markdown.ts'
import { writeProgram } from './shell-programs.ts'

/** Guards against hanging: a start takes about a second, a whole session a few seconds. */
const SAYS_WITHIN = 120_000
const SHELL_ENDS_WITHIN = 300_000
const LISTENING = /"pid":(\d+),[^\n]*"msg":"listening"/
const SETUP_LINK = /\/setup\/(dwl_[\w-]+)/

/** A shell in the clone whose environment sets a port and a data folder of its own. */
export interface Terminal {
  /** The folder that holds the data folder, `data`. */
  readonly folder: string
  readonly dataDir: string
  /** The URL of the server once it is started. */
  readonly url: string
  /** The working directory; the clone by default. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** The shell and its flags; the lines to run follow them. */
  readonly shell: readonly [program: string, ...flags: string[]]
}

interface TerminalOptions {
  readonly databaseUrl?: string
  /** Folders that come first in PATH. */
  readonly programs?: readonly string[]
  /** Uses npm itself; without it, Node runs the same scripts of package.json, which is quicker. */
  readonly npm?: boolean
  /** The working directory is the folder that holds `data`; scripts still run in the clone. */
  readonly besideData?: boolean
}

/** `npm start -- …` and `npm run -s NAME -- …`, and `npm install` in an example, whose packages are above its folder. */
const RUN_SCRIPT = `
[ "$1" != install ] || exit 0
[ "$1" != run ] || shift
[ "$1" != -s ] || shift
name=$1
shift
[ "\${1-}" != -- ] || shift
[ -f package.json ] || cd '${ROOT}'
exec '${process.execPath}' --run "$name" -- "$@"`

/** Opens a terminal without the developer's own settings. */
export async function openTerminal(t: TestContext, options: TerminalOptions = {}): Promise<Terminal> {
  const { databaseUrl, programs = [], npm = false, besideData = false } = options
  const folder = await temporaryFolder(t)
  if (!npm) writeProgram(folder, 'npm', RUN_SCRIPT)
  const path = [...programs, ...(npm ? [] : [folder]), process.env.PATH].join(delimiter)
  const dataDir = join(folder, 'data')
  const port = String(await freePort())
  const settings = {
    ...CHEAP_HASH,
    port,
    data_dir: dataDir,
    ...(databaseUrl !== undefined && { database_url: databaseUrl }),
  }
  const variables = Object.entries(settings).map(([name, value]) => [`DOORWARD_${name.toUpperCase()}`, value])
  const env = { PATH: path, NO_PROXY: '*', ...Object.fromEntries(variables) }
  return {
    folder,
    dataDir,
    url: `http://localhost:${port}`,
    cwd: besideData ? folder : ROOT,
    env,
    shell: ['sh', '-euc'],
  }
}

/** The same terminal with the `node` that runs the tests: the machine's own may be too old for the program. */
export function withOurNode(terminal: Terminal): Terminal {
  const PATH = [dirname(process.execPath), terminal.env['PATH']].join(delimiter)
  return { ...terminal, env: { ...terminal.env, PATH } }
}

/** A server without an admin. */
export interface Fresh {
  readonly url: string
  /** The token of the set-up link that the server prints. */
  readonly setupToken: string | Promise<string>
}

export interface Started extends Fresh {
  /** Waits until the output matches; returns the match. */
  readonly says: (wanted: RegExp) => Promise<RegExpExecArray>
  /** Sends the server a signal, SIGTERM by default; resolves when the server and its parent processes have ended. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>
}

/** Runs the lines of a page that start the server; resolves when it listens. It is killed with the test at the latest. */
export async function startShown(t: TestContext, lines: string, terminal: Terminal): Promise<Started> {
  const { url } = terminal
  const { says, ended } = startLines(t, lines, terminal)
  const [, pid] = await says(LISTENING)
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    process.kill(Number(pid), signal)
    await ended
  }
  return {
    url,
    says,
    stop,
    get setupToken() {
      return says(SETUP_LINK).then(([, token = '']) => token)
    },
  }
}

/** Starts lines of a page that run until they are stopped. They are killed with the test. */
export function startLines(
  t: TestContext,
  lines: string,
  { cwd, env, shell }: Terminal,
): Pick<Started, 'says'> & { readonly ended: Promise<unknown> } {
  const [program, ...flags] = shell
  // A process group of its own, so that one signal ends the shell, npm and the server.
  const child = spawn(program, [...flags, lines], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  return { ended: endWith(t, child), says: listener(child) }
}

function listener(child: ChildProcess): Started['says'] {
  const heard = new EventEmitter()
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      heard.emit('more')
    })
  }
  child.once('close', () => heard.emit('end'))
  return async (wanted) => {
    const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>()
    const look = (): void => {
      const found = wanted.exec(said)
      if (found) resolve(found)
    }
    const give = (why: string) => () => reject(new Error(`${why}:\n${said}`))
    const late = setTimeout(give(`The server did not say ${wanted} in time`), SAYS_WITHIN)
    heard.on('more', look).once('end', give('The server ended'))
    look()
    return promise.finally(() => clearTimeout(late))
  }
}

/** Resolves when the shell and all its child processes have ended. */
function endWith(t: TestContext, child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'close')
  const kill = (): void => {
    try {
      process.kill(-(child.pid ?? Number.NaN), 'SIGKILL')
    } catch {
      // The process group has ended already.
    }
  }
  process.once('exit', kill)
  t.after(async () => {
    kill()
    await ended
    process.off('exit', kill)
  })
  return ended
}

/** Computes unused codes without waiting: the server also accepts the code of the next step. */
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

/** Creates the first admin by the set-up link, as the page's form does, and enrols an authenticator app. */
export async function setUp(started: Fresh, username: string, password: string): Promise<SetUp> {
  const { url } = started
  const attempt = await attemptBehind(started, username, password)
  const codes = new FreshCodes(String((await post(`${url}/attempts/totp`, { attempt }))['secret']))
  const complete = await post(`${url}/attempts/totp/confirm`, { attempt, code: codes.next() })
  const { access_token: token } = complete['session'] as { access_token: string }
  return { codes, token }
}

/** Creates the first admin with a passkey instead of the app. */
export async function setUpWithPasskey(started: Fresh, username: string, password: string): Promise<void> {
  const { url } = started
  const attempt = await attemptBehind(started, username, password)
  const options = await post(`${url}/attempts/passkeys/options`, { attempt })
  const response = new SoftwareAuthenticator({ origin: url }).register(options as never)
  await post(`${url}/attempts/passkeys`, { attempt, response, name: 'Phone' })
}

async function attemptBehind({ url, setupToken }: Fresh, username: string, password: string): Promise<string> {
  const sent = await fetch(`${url}/setup/${await setupToken}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: url },
    body: new URLSearchParams({ username, password }),
  })
  assert.equal(sent.status, 303, await sent.text())
  return /^[^=]+=([^;]+)/.exec(sent.headers.getSetCookie()[0] ?? '')?.[1] ?? ''
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

/** Runs a command that the page does not show by the program alone: npm and the check of the build take three times as long as most commands. */
export function runProgram(words: string, terminal: Terminal): Promise<string> {
  const program = join(ROOT, 'dist', 'doorward.js')
  return runShell(`'${process.execPath}' --disable-warning=ExperimentalWarning '${program}' ${words}`, terminal)
}

/** The input for each prompt, in order; each function gets all output before its prompt. */
export type Answers = readonly ((printed: string) => string)[]

/** Runs lines of a page and types an answer at each prompt; returns stdout. Fails where the lines fail. */
export async function runShell(lines: string, terminal: Terminal, answers: Answers = []): Promise<string> {
  const { cwd, env } = terminal
  const [program, ...flags] = terminal.shell
  const shell = spawn(program, [...flags, lines], { cwd, env, stdio: 'pipe', timeout: SHELL_ENDS_WITHIN })
  const waiting = [...answers]
  let printed = ''
  let complaints = ''
  let failure: unknown
  shell.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
    // A prompt ends with a colon and a space; no answer of the server does.
    if (!printed.endsWith(': ')) return
    try {
      shell.stdin.write(`${waiting.shift()?.(printed) ?? ''}\n`)
    } catch (error) {
      failure = error
      shell.kill()
    }
  })
  const [code] = (await once(shell, 'close')) as [number | null]
  assert.equal(failure, undefined, `no answer fits the prompt after:\n${printed}`)
  assert.equal(code, 0, `${printed}\n${complaints}`)
  assert.equal(waiting.length, 0, `it printed fewer prompts than expected:\n${printed}`)
  return printed
}
