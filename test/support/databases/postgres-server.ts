// Starts one real PostgreSQL for a test run, on loopback only. It stops with the process that started it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { freePort } from '../server/ports.ts'
import { account, run, usablePrograms } from './postgres-programs.ts'

/** `pid` is that of a server that was started here. */
export type RunningPostgres = { url: string; pid?: number; stop(): Promise<void> }

const superuser = 'doorward'
const startAttempts = 3

// The first line of postmaster.pid is the server's process id. The file is removed when the server has ended; its process may
// remain a zombie where no parent waits for it. SIGQUIT is the immediate shutdown, which also ends the server's children.
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
 * Returns the server of this run: that of DATABASE_TEST_URL, else a new one (PostgreSQL from the npm packages, else from PATH).
 * The URL's user is a superuser. A new server keeps its data in a folder below `within`. Throws where no PostgreSQL is found.
 * `stop` stops and removes only a server that was started here.
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
    const [pid] = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')
    return { url: `postgres://${superuser}@127.0.0.1:${port}/postgres`, pid: Number(pid), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The path is short, because that of a socket has at most about 100 bytes; the account that runs PostgreSQL owns the folder. */
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

/** Starts the server on a free loopback port, waits until it accepts connections, and returns the port. */
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
      // Another program may have taken the port between finding it and binding it.
      if (attempt === startAttempts) throw error
    }
  }
}

/** The data need not survive a power failure, so nothing is forced to the disk; the order of commits is the real one. */
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
    // How long PostgreSQL waits for a lock before it looks for a deadlock; some races end in one on purpose.
    '-c deadlock_timeout=50ms',
  ].join(' ')
}

/**
 * Starts a watcher process that holds the other end of a pipe. When this process stops the server, ends or is killed, the pipe
 * closes; the watcher then shuts the server down and removes its folder. It has its own session, so that Ctrl-C does not end it.
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
