// The server of the kit: the program of the package `doorward`, unchanged, in a process and on a temporary folder of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** The cheapest hash of passwords that the settings allow: a sign-in takes milliseconds. */
export const CHEAP_HASH = { hash_memory: '64', hash_passes: '1', hash_workers: '1' }

/** Where the two programs are: that of the server, and what steers its clock. */
export interface Programs {
  readonly doorward: string
  readonly steering: string
}

export interface ProcessOptions {
  readonly programs: Programs
  /** The path of the Node that runs the server. */
  readonly node: string
  readonly port: number | undefined
  /** Settings of the server by name. */
  readonly settings: Readonly<Record<string, string>>
}

export interface ServerProcess {
  readonly child: ChildProcess
  /** Its public URL, without a slash at the end. */
  readonly url: string
  /** The path of the link with which the first admin is set up. */
  readonly setupPath: string
  /** What the server has printed and logged. */
  log(): string
  /** Ends the server; its database is gone afterwards. */
  stop(): Promise<void>
}

/** Guards against hanging only. */
const STARTS_WITHIN = 60_000
const STOPS_WITHIN = 10_000
/** Another program may take a free port before the server listens at it. */
const PORTS_TRIED = 3
const LONGEST_LOG = 200_000

/** Starts the server on loopback; resolves when it listens. */
export async function startServer(options: ProcessOptions): Promise<ServerProcess> {
  for (let tried = 1; ; tried++) {
    const started = await launch(options, options.port ?? (await freePort()))
    if (typeof started !== 'string') return started
    if (options.port !== undefined || tried === PORTS_TRIED || !/Port \d+ on \S+ is in use/.test(started))
      throw new Error(`Doorward did not start:\n${started}`)
  }
}

/** Starts it at that port; returns what it said where it ended at once. */
async function launch({ programs, node, settings }: ProcessOptions, port: number): Promise<ServerProcess | string> {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-kit-'))
  const url = settings['public_url'] ?? `http://localhost:${port}`
  const env = environmentOf({ host: 'localhost', public_url: url, ...settings, port: String(port) }, folder)
  writeFileSync(env['DOORWARD_CONFIG'] ?? '', '')
  const flags = ['--disable-warning=ExperimentalWarning', '--import', pathToFileURL(programs.steering).href]
  const child = spawn(node, [...flags, programs.doorward, 'serve'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const end = (): unknown => child.kill('SIGKILL')
  process.once('exit', end)
  let said = ''
  const ended = once(child, 'close').catch((error: unknown) => (said += String(error)))
  void ended.then(() => {
    process.off('exit', end)
    rmSync(folder, { recursive: true, force: true })
  })
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-LONGEST_LOG)))
  const setupPath = await linkOrEnd(child, ended, () => said)
  if (setupPath === undefined) return said
  return {
    child,
    url,
    setupPath,
    log: () => said,
    async stop() {
      child.kill('SIGTERM')
      const late = setTimeout(end, STOPS_WITHIN)
      await ended.finally(() => clearTimeout(late))
    },
  }
}

/**
 * The whole environment of the server: settings, and nothing of the surroundings. Its settings file is one of its own, since a machine may have
 * one for another server, whose database it names; the variables come before what a file says.
 */
export function environmentOf(settings: Readonly<Record<string, string>>, folder: string): Record<string, string> {
  const own = {
    ...CHEAP_HASH,
    log_level: 'warn',
    ...settings,
    config: join(folder, 'doorward.toml'),
    data_dir: join(folder, 'data'),
    database_url: `sqlite:${join(folder, 'data', 'doorward.db')}`,
  }
  const { PATH = '', SystemRoot = '' } = process.env
  const variables = Object.entries(own).map(([name, value]) => [`DOORWARD_${name.toUpperCase()}`, value])
  return { PATH, ...(SystemRoot !== '' && { SystemRoot }), ...Object.fromEntries(variables) }
}

/** Waits for the set-up link, the last line of a start. Undefined where the process ended before. */
async function linkOrEnd(
  child: ChildProcess,
  ended: Promise<unknown>,
  said: () => string,
): Promise<string | undefined> {
  const link = (): string | undefined => /(\/setup\/dwl_\S+)\n/.exec(said())?.[1]
  const late = AbortSignal.timeout(STARTS_WITHIN)
  const over = ended.then(() => 'ended' as const)
  while (link() === undefined) {
    const outcome = await Promise.race([over, once(child.stderr ?? child, 'data', { signal: late })]).catch(
      (cause: unknown) => {
        child.kill('SIGKILL')
        throw new Error(`Doorward was not ready within ${STARTS_WITHIN / 1000} s:\n${said()}`, { cause })
      },
    )
    if (outcome === 'ended') return link()
  }
  return link()
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const port = (server.address() as { port: number }).port
  server.close()
  await once(server, 'close')
  return port
}
