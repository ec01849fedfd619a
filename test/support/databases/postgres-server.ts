// One real PostgreSQL for a test run, from the npm packages or from PATH. It listens on loopback only and ends with the process that started it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../server/ports.ts'
import { account, run, usablePrograms } from './postgres-programs.ts'

export type RunningPostgres = { url: string; stop(): Promise<void> }

const superuser = 'doorward'
const startAttempts = 3

// The first line of postmaster.pid is the server's process id; the file goes when the server has ended (its process may stay
// a zombie where nobody reaps). SIGQUIT is the immediate shutdown, which takes the server's children along.
const watch = `
PATH="$PATH:/usr/bin:/bin"
trap '' INT TERM HUP
read -r line
lock="$1/data/postmaster.pid"
if read -r server <"$lock"; then
  kill -QUIT "$server"
  tries=0
  while [ -e "$lock" ] && [ "$tries" -lt 500 ]; do tries=$((tries + 1)); sleep 0.02; done
fi
rm -rf "$1"`

/**
 * Gives the server of this run: the one DATABASE_TEST_URL names, else a new one (PostgreSQL from the npm packages, else from PATH).
 * The URL's user is a superuser. Its data lie in a folder `within` another one. Throws when there is no PostgreSQL to be had.
 * `stop` ends and removes what was started, and only that.
 */
export async function startPostgres(within = tmpdir()): Promise<RunningPostgres> {
  const given = process.env.DATABASE_TEST_URL
  if (given) return { url: given, stop: async () => {} }
  const folder = runFolder(within)
  const stop = guard(folder)
  try {
    const programs = usablePrograms(folder)
    createCluster(programs, folder)
    const port = await launch(programs, folder)
    return { url: `postgres://${superuser}@127.0.0.1:${port}/postgres`, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Short, because a socket's path may have about 100 bytes; and owned by `nobody` where that is who runs it. */
export function runFolder(within: string): string {
  const folder = mkdtempSync(join(within, 'pg-'))
  if (account.uid !== undefined && account.gid !== undefined) chownSync(folder, account.uid, account.gid)
  return folder
}

export function createCluster(programs: string, folder: string): void {
  const locale = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'
  const cluster = [
    '--pgdata',
    join(folder, 'data'),
    '--username',
    superuser,
    '--auth',
    'trust',
    '--encoding',
    'UTF8',
    `--locale=${locale}`,
  ]
  run(join(programs, 'initdb'), [...cluster, '--no-sync'], { ...account, cwd: folder })
}

/** Starts the server on a free loopback port and waits until it takes connections. */
export async function launch(programs: string, folder: string): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    try {
      run(
        join(programs, 'pg_ctl'),
        ['start', '--wait', '-D', join(folder, 'data'), '-l', join(folder, 'log'), '-o', serverOptions(port, folder)],
        {
          ...account,
          cwd: folder,
        },
      )
      return port
    } catch (error) {
      // Somebody may have taken the port between asking for it and using it.
      if (attempt === startAttempts) throw error
    }
  }
}

/** Nothing here has to survive a power cut, so nothing is forced to the disk; the order of commits stays the real one. */
function serverOptions(port: number, folder: string): string {
  return [
    `-c port=${port}`,
    '-c listen_addresses=127.0.0.1',
    `-c unix_socket_directories=${folder}`,
    '-c max_connections=300',
    '-c fsync=off',
    '-c full_page_writes=off',
    '-c synchronous_commit=on',
    '-c timezone=UTC',
    // How long a lock is waited for before PostgreSQL looks for a deadlock: some races end in one on purpose.
    '-c deadlock_timeout=50ms',
  ].join(' ')
}

/**
 * A small watcher holds the other end of a pipe: when this process stops the server, ends or is killed, the pipe closes,
 * the server is shut down and its folder removed. It is a session of its own, so that Ctrl-C does not end it first.
 */
export function guard(folder: string): () => Promise<void> {
  const watcher = spawn('/bin/sh', ['-c', watch, 'sh', folder], {
    ...account,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const ended = once(watcher, 'exit')
  const pipe = watcher.stdin as Socket
  watcher.unref()
  pipe.unref()
  return async () => {
    watcher.ref()
    pipe.end()
    await ended
  }
}
