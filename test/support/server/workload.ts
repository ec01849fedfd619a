// Users who send requests to a server and remember the answers, so that a test can check them against the database.
import assert from 'node:assert/strict'

import { Authenticator } from '../people/authenticator.ts'
import { Codes } from './server-client.ts'
import type { ServerClient, ClientReply, SignInData } from './server-client.ts'
import { PASSWORD } from '../people/people.ts'
import { invitationIn } from '../requests/replies.ts'

const NAMES = 3

export interface Session {
  readonly token: string
  /** What the server acknowledged; `ending` while the answer to signing out is outstanding. */
  state: 'open' | 'ending' | 'ended'
}

/** What the server acknowledged to one user, and what the user requested without getting the answer. */
interface Life {
  readonly username: string
  id?: string
  signInData?: SignInData
  readonly sessions: Session[]
  /** The names that the user may have: the last acknowledged one, and one that was requested since. */
  names: (string | null)[]
  consumedCode?: string
}

export interface World {
  readonly lives: Life[]
  /** The access token of an admin. */
  readonly admin: string
  /** The number of answers. */
  answers: number
}

/** The process has ended or is too busy: without an answer the server has promised nothing. */
class Unanswered extends Error {}

async function answered(asking: Promise<ClientReply>, wanted: number): Promise<ClientReply> {
  const reply = await asking.catch((cause: unknown) => {
    throw new Unanswered('the process is gone', { cause })
  })
  if (reply.status === 503) throw new Unanswered('the process is busy')
  assert.equal(reply.status, wanted, reply.text)
  return reply
}

/** Creates one user after another, who enrols, changes the name, signs out and in again, until the process has ended. */
export async function keepBusy(node: ServerClient, world: World, client: string): Promise<void> {
  try {
    const counted: ServerClient = {
      ...node,
      ask: (...request) => node.ask(...request).finally(() => (world.answers += 1)),
    }
    for (let number = 0; ; number++) await live(counted, world, `user-${client}-${number}`)
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error
  }
}

async function live(node: ServerClient, { lives, admin }: World, username: string): Promise<void> {
  const life: Life = { username, sessions: [], names: [null] }
  const created = await answered(node.ask('POST', '/users', { payload: { username }, token: admin }), 200)
  life.id = String(created.body['id'])
  lives.push(life)
  const first = await enrol(node, life, invitationIn(created))
  for (let number = 0; number < NAMES; number++) await rename(node, life, first, `${username} ${number}`)
  first.state = 'ending'
  await answered(node.ask('DELETE', '/session', { token: first.token }), 204)
  first.state = 'ended'
  const second = await signInAgain(node, life)
  await rename(node, life, second, `${username} again`)
}

async function enrol(node: ServerClient, life: Life, token: string): Promise<Session> {
  const payload = { token, password: PASSWORD }
  const { attempt } = (await answered(node.ask('POST', '/invitations/accept', { payload }), 200)).body
  const key = await answered(node.ask('POST', '/attempts/totp', { payload: { attempt } }), 200)
  const codes = new Codes(new Authenticator(String(key.body['secret'])))
  const code = await codes.fresh(node)
  const confirmed = await answered(node.ask('POST', '/attempts/totp/confirm', { payload: { attempt, code } }), 200)
  life.signInData = { username: life.username, password: PASSWORD, codes }
  return begun(life, (confirmed.body['session'] as { access_token: string }).access_token)
}

async function signInAgain(node: ServerClient, life: Life): Promise<Session> {
  assert.ok(life.signInData)
  const code = await life.signInData.codes.fresh(node)
  const form = { username: life.username, password: PASSWORD + code }
  const reply = await answered(node.ask('POST', '/token', { form }), 200)
  life.consumedCode = code
  return begun(life, String(reply.body['access_token']))
}

function begun({ sessions }: Life, token: string): Session {
  const session: Session = { token, state: 'open' }
  sessions.push(session)
  return session
}

async function rename(node: ServerClient, life: Life, { token }: Session, name: string): Promise<void> {
  life.names = [...life.names, name]
  await answered(node.ask('PATCH', '/users/me', { payload: { full_name: name }, token }), 200)
  life.names = [name]
}
