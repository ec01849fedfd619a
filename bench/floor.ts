// The floor: the least work with which a program can sign users in with two factors and recognize their sessions. Fastify, node:sqlite
// (WAL, synchronous FULL), argon2id in niced workers, opaque tokens stored as SHA-256, codes that work once, group commit. It has no audit
// log, rate limiting, request checks or security headers.
import fastify, { type FastifyReply } from 'fastify'
import { hash, randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'

import { DEFAULT_PARAMETERS, matchTotp } from '#domain/factors/totp/totp.ts'

interface FloorUser {
  readonly id: number
  readonly username: string
  readonly hash: string
  readonly secret: Uint8Array
  readonly last_step: number | null
}

const [path = '', port = '0', workers = '2'] = process.argv.slice(2)
const db = new DatabaseSync(path)
db.exec(`pragma journal_mode = wal; pragma synchronous = full;
  create table if not exists users (id integer primary key, username text unique, hash text, secret blob, last_step integer);
  create table if not exists sessions (token_hash text primary key, user_id integer, at integer);
  create table if not exists tries (key text primary key, count integer)`)
const find = db.prepare('select * from users where username = ?')
const tried = db.prepare(
  'insert into tries (key, count) values (?, 1) on conflict (key) do update set count = count + 1',
)
const untried = db.prepare('delete from tries where key = ?')
const take = db.prepare(
  'update users set last_step = ? where id = ? and (last_step is null or last_step < ?) returning id',
)
const remember = db.prepare('insert into sessions (token_hash, user_id, at) values (?, ?, ?)')
const who = db.prepare(
  'select users.id, users.username from sessions join users on users.id = sessions.user_id where token_hash = ?',
)

const pool = Array.from({ length: Number(workers) }, () => new Worker(new URL('./argon2-worker.ts', import.meta.url)))
const waiting = new Map<number, (matched: boolean) => void>()
pool.forEach((worker) =>
  worker.on('message', ({ id, matched }: { id: number; matched: boolean }) => {
    waiting.get(id)?.(matched)
    waiting.delete(id)
  }),
)
let jobs = 0
function verify(hash: string, password: string): Promise<boolean> {
  const id = (jobs += 1)
  pool[id % pool.length]?.postMessage({ id, hash, password })
  return new Promise((resolve) => waiting.set(id, resolve))
}

/** Milliseconds for which one commit covers all changes while many hashes wait (group commit); that raises the throughput. */
const LINGER = 20
let committed: Promise<void> | undefined
async function durably<Result>(change: () => Result): Promise<Result> {
  if (committed === undefined) {
    db.exec('begin immediate')
    const hasBacklog = waiting.size > 3 * pool.length
    committed = (hasBacklog ? sleep(LINGER) : Promise.resolve()).then(() => {
      committed = undefined
      db.exec('commit')
    })
  }
  const [result, onDisk] = [change(), committed]
  await onDisk
  return result
}

function refuse(reply: FastifyReply): FastifyReply {
  return reply.code(401).send({ detail: 'no' })
}

const app = fastify()
app.addContentTypeParser(
  'application/x-www-form-urlencoded',
  { parseAs: 'string' },
  async (_request: unknown, body: string) => Object.fromEntries(new URLSearchParams(body)),
)
app.post('/token', async (request, reply) => {
  const { username = '', password = '' } = request.body as Record<string, string>
  await durably(() => tried.run(username))
  const user = find.get(username) as FloorUser | undefined
  if (user === undefined || !(await verify(user.hash, password.slice(0, -6)))) return refuse(reply)
  const factor = { ...DEFAULT_PARAMETERS, secret: user.secret, lastUsedStep: user.last_step }
  const match = matchTotp(factor, password.slice(-6), Date.now())
  if (match === undefined || match.used) return refuse(reply)
  const token = randomBytes(32).toString('base64url')
  const taken = await durably(() => {
    const isFirst = take.all(match.step, user.id, match.step).length === 1
    if (isFirst) remember.run(hash('sha256', token), user.id, Date.now())
    untried.run(username)
    return isFirst
  })
  return taken ? { access_token: token, token_type: 'bearer' } : refuse(reply)
})
app.get('/users/me', async (request, reply) => {
  const user = who.get(hash('sha256', (request.headers.authorization ?? '').slice('Bearer '.length)))
  return user ?? refuse(reply)
})
app.get('/healthz', async () => ({ status: 'ok' }))
await app.listen({ port: Number(port), host: '127.0.0.1' })
process.once('SIGTERM', () => process.exit(0))
