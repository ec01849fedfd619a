// People who keep a server busy and remember what it told them, so that it can be held to it.
import assert from 'node:assert/strict'

import { Authenticator } from '../people/authenticator.ts'
import { Codes } from './server-client.ts'
import type { Door, DoorReply, Visitor } from './server-client.ts'
import { PASSWORD } from '../people/people.ts'

const NAMES = 3

export interface Session {
  readonly token: string
  /** What was acknowledged; `ending` while the answer to signing out has not come. */
  state: 'open' | 'ending' | 'ended'
}

/** What one user was told, and what they asked for without hearing the answer. */
interface Life {
  readonly username: string
  id?: string
  visitor?: Visitor
  readonly sessions: Session[]
  /** The names that may be there: the last one acknowledged, and one that was asked for since. */
  names: (string | null)[]
  spentCode?: string
}

export interface World {
  readonly lives: Life[]
  /** The access token of an admin. */
  readonly admin: string
  /** How often somebody was answered. */
  answers: number
}

/** The process has gone, or is too busy: no answer, so nothing is owed. */
class Unanswered extends Error {}

async function answered(asking: Promise<DoorReply>, wanted: number): Promise<DoorReply> {
  const reply = await asking.catch((cause: unknown) => {
    throw new Unanswered('the process is gone', { cause })
  })
  if (reply.status === 503) throw new Unanswered('the process is busy')
  assert.equal(reply.status, wanted, reply.text)
  return reply
}

/** One user after another is made, enrols, changes their name, signs out and in again, until the process is gone. */
export async function keepBusy(node: Door, world: World, client: string): Promise<void> {
  try {
    const door: Door = { ...node, ask: (...request) => node.ask(...request).finally(() => (world.answers += 1)) }
    for (let number = 0; ; number++) await live(door, world, `user-${client}-${number}`)
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error
  }
}

async function live(node: Door, { lives, admin }: World, username: string): Promise<void> {
  const life: Life = { username, sessions: [], names: [null] }
  const created = await answered(node.ask('POST', '/users', { payload: { username }, token: admin }), 200)
  life.id = String(created.body['id'])
  lives.push(life)
  const first = await enrol(node, life, created.body['invitation'] as { url: string })
  for (let number = 0; number < NAMES; number++) await rename(node, life, first, `${username} ${number}`)
  first.state = 'ending'
  await answered(node.ask('DELETE', '/session', { token: first.token }), 204)
  first.state = 'ended'
  const second = await signInAgain(node, life)
  await rename(node, life, second, `${username} again`)
}

async function enrol(node: Door, life: Life, { url }: { url: string }): Promise<Session> {
  const payload = { token: url.split('/').at(-1), password: PASSWORD }
  const { attempt } = (await answered(node.ask('POST', '/invitations/accept', { payload }), 200)).body
  const key = await answered(node.ask('POST', '/attempts/totp', { payload: { attempt } }), 200)
  const codes = new Codes(new Authenticator(String(key.body['secret'])))
  const code = await codes.fresh(node)
  const confirmed = await answered(node.ask('POST', '/attempts/totp/confirm', { payload: { attempt, code } }), 200)
  life.visitor = { username: life.username, password: PASSWORD, codes }
  return begun(life, (confirmed.body['session'] as { access_token: string }).access_token)
}

async function signInAgain(node: Door, life: Life): Promise<Session> {
  assert.ok(life.visitor)
  const code = await life.visitor.codes.fresh(node)
  const form = { username: life.username, password: PASSWORD + code }
  const reply = await answered(node.ask('POST', '/token', { form }), 200)
  life.spentCode = code
  return begun(life, String(reply.body['access_token']))
}

function begun({ sessions }: Life, token: string): Session {
  const session: Session = { token, state: 'open' }
  sessions.push(session)
  return session
}

async function rename(node: Door, life: Life, { token }: Session, name: string): Promise<void> {
  life.names = [...life.names, name]
  await answered(node.ask('PATCH', '/users/me', { payload: { full_name: name }, token }), 200)
  life.names = [name]
}
