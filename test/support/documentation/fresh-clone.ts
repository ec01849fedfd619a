// The first steps of an operator with a fresh clone: a shell in it, `npm start`, the link it prints, the first admin.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { delimiter, dirname, join } from 'node:path'
import type { TestContext } from 'node:test'

import { totpStep } from '../../../src/domain/factors/totp/totp.ts'
import { Authenticator } from '../people/authenticator.ts'
import { temporaryFolder } from '../databases/temporary.ts'
import { ROOT } from './markdown.ts'
import { freePort } from '../server/ports.ts'
import { writeProgram } from './shell-programs.ts'
import { SoftwareAuthenticator } from '../people/software-authenticator.ts'
import { CHEAP_HASH } from '../server/start.ts'

/** Guards against hanging: a start takes about a second, a whole session a few. */
const SAYS_WITHIN = 120_000
const SHELL_ENDS_WITHIN = 300_000
const LISTENING = /"pid":(\d+),[^\n]*"Server listening/
const SETUP_LINK = /\/setup\/(dwl_[\w-]+)/

/** A shell in the clone, with a port and a data folder of its own in the environment. */
export interface Terminal {
  /** The folder that holds the data folder, `data`. */
  readonly folder: string
  readonly dataDir: string
  /** Where the server answers once it is started. */
  readonly url: string
  /** Where the shell stands; the clone unless told. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

interface TerminalOptions {
  readonly databaseUrl?: string
  /** Folders to look for programs in before all others. */
  readonly programs?: readonly string[]
  /** npm itself; without it, Node runs the same scripts of package.json, which is quicker. */
  readonly npm?: boolean
  /** The shell stands in the folder that holds `data`; scripts still run in the clone. */
  readonly besideData?: boolean
}

/** `npm start -- …` and `npm run -s NAME -- …`. */
const RUN_SCRIPT = `
[ "$1" != run ] || shift
[ "$1" != -s ] || shift
name=$1
shift
[ "\${1-}" != -- ] || shift
cd '${ROOT}'
exec '${process.execPath}' --run "$name" -- "$@"`

/** Nothing of the developer's own settings reaches it. */
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
  return { folder, dataDir, url: `http://localhost:${port}`, cwd: besideData ? folder : ROOT, env }
}

/** The same terminal, where `node` is the one that runs the tests: the machine's own may be too old for the program. */
export function withOurNode(terminal: Terminal): Terminal {
  const PATH = [dirname(process.execPath), terminal.env['PATH']].join(delimiter)
  return { ...terminal, env: { ...terminal.env, PATH } }
}

/** A server without an admin. */
export interface Fresh {
  readonly url: string
  /** The token of the set-up link that it prints. */
  readonly setupToken: string | Promise<string>
}

export interface Started extends Fresh {
  /** Waits until it has said something; what it matched. */
  readonly says: (wanted: RegExp) => Promise<RegExpExecArray>
  /** Sends the server a signal, SIGTERM unless told; resolves when it and what started it have ended. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>
}

/** Runs the lines of a page that start the server; resolves once it listens. It ends with the test at the latest. */
export async function startShown(t: TestContext, lines: string, terminal: Terminal): Promise<Started> {
  const { cwd, env, url } = terminal
  // A group of its own, so that the shell, npm and the server can be ended together.
  const child = spawn('sh', ['-euc', lines], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const ended = endWith(t, child)
  const says = listener(child)
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

/** Resolves when the shell and everything it started have ended. */
function endWith(t: TestContext, child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'close')
  const kill = (): void => {
    try {
      process.kill(-(child.pid ?? Number.NaN), 'SIGKILL')
    } catch {
      // Nothing of the group is left.
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

/** An app that shows an unused code, without waiting for it: the one after the present one counts already. */
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
export async function setUp(started: Fresh, username: string, password: string): Promise<SetUp> {
  const { url } = started
  const attempt = await attemptBehind(started, username, password)
  const codes = new FreshCodes(String((await post(`${url}/attempts/totp`, { attempt }))['secret']))
  const complete = await post(`${url}/attempts/totp/confirm`, { attempt, code: codes.next() })
  const { access_token: token } = complete['session'] as { access_token: string }
  return { codes, token }
}

/** The same with a passkey in place of the app. */
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

/** What is typed at each prompt, in order; it is handed everything that was printed before. */
export type Answers = readonly ((printed: string) => string)[]

/** Runs lines of a page, types an answer whenever they ask, and returns what they print on stdout; fails where they fail. */
export async function runShell(lines: string, { cwd, env }: Terminal, answers: Answers = []): Promise<string> {
  const shell = spawn('sh', ['-euc', lines], { cwd, env, stdio: 'pipe', timeout: SHELL_ENDS_WITHIN })
  const waiting = [...answers]
  let printed = ''
  let complaints = ''
  let failure: unknown
  shell.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
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
  assert.equal(code, 0, `${printed}\n${complaints}`)
  assert.equal(waiting.length, 0, `it asked less often than expected:\n${printed}`)
  return printed
}
