// The acts with agents: their vendors publish other documents, and admins say which are allowed and end what they got.
import { NEW_CLIENT } from '#domain/clients/client.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { AGENT_HOST, type AgentHost, json, OTHER_HOST } from '../openid/agent-host.ts'
import { discover, REDIRECT_URI } from '../openid/apps.ts'
import type { Server } from '../server/start.ts'
import { type Act, whyNoAccess } from './act.ts'
import { asAdmin } from './admin-acts.ts'
import { endsGrants, isApproved } from './client-acts.ts'
import { isUsable } from './demands.ts'
import { type Actor, type AgentSettingFact, type ClientFact, scopesOf, type TokenCopy } from './facts.ts'
import type { World } from './world.ts'

const ACCESS = { needs: 'apps:write', recent: true } as const

/** One that gets its answers at a website, and one on the device of its user. */
export const AGENTS = [
  { host: AGENT_HOST, path: '/helper.json', redirectUri: REDIRECT_URI, isOffline: true },
  { host: OTHER_HOST, path: '/editor.json', redirectUri: 'http://127.0.0.1:49152/callback', isOffline: false },
] as const

/** What may stand in the list. */
const ENTRIES = AGENTS.flatMap(({ host, path }) => [host, `https://${host}${path}`])

/** An agent whose document is published and not read yet. */
export async function newAgent(
  server: Server,
  host: AgentHost,
  { host: name, path, redirectUri, isOffline }: (typeof AGENTS)[number],
): Promise<ClientFact> {
  const id = `https://${name}${path}`
  const scopes = scopesOf({ isOffline, asks: true })
  const row = { id, scopes, createdAt: 0, createdBy: null, disabledAt: null, revision: 1 }
  const client = {
    ...NEW_CLIENT,
    ...row,
    name: id,
    kind: 'agent',
    redirectUris: [redirectUri],
    authMethod: 'none',
  } as const
  const app = { client, secret: '', config: await discover(server, client, '') }
  const agent = { host: name, isOnDevice: redirectUri !== REDIRECT_URI, published: 'Agent 1', known: null }
  const fact: ClientFact = { app, name: id, isOffline, state: 'enabled', asks: true, agent }
  publish(host, fact)
  return fact
}

function publish({ answers }: AgentHost, { app: { client }, agent }: ClientFact): void {
  const { id, redirectUris, scopes } = client
  const document = {
    client_id: id,
    client_name: agent?.published,
    redirect_uris: redirectUris,
    scope: scopes.join(' '),
  }
  answers.set(new URL(id).pathname, json(document))
}

/** The library keeps what it has read of a document for a minute. */
const KEPT = seconds(61)

let versions = 1

async function changesDocument(world: World): Promise<void> {
  const { random, clients, host, server, words } = world
  const client = random.pick(clients.filter(({ agent }) => agent !== null))
  if (client === undefined || client.agent === null) return
  client.agent.published = `Agent ${++versions}`
  publish(host, client)
  server.clock.pass(KEPT)
  words.push(`the document of ${client.name} says ${client.agent.published}`)
  return Promise.resolve()
}

/** Whether a change lets agents in that were not allowed before. */
function letsIn({ isOn, entries }: AgentSettingFact, after: AgentSettingFact): boolean {
  return after.isOn && (!isOn || after.entries.some((entry) => !entries.includes(entry)))
}

async function changes(
  world: World,
  { actor, copy, act }: { readonly actor: Actor; readonly copy: TokenCopy; readonly act: string },
  change: Partial<AgentSettingFact>,
): Promise<void> {
  const { agents, clients } = world
  const after = { ...agents, ...change }
  const refused = whyNoAccess(world, copy, ACCESS)
  const isWaiting = refused === undefined && letsIn(agents, after)
  const { isOn, entries } = change
  const payload = { ...(isOn !== undefined && { enabled: isOn }), ...(entries && { allowed_documents: entries }) }
  const question = { method: 'PATCH', url: '/agents', payload, token: copy.token } as const
  const { body } = await world.asks(act, actor, refused ?? (isWaiting ? 'waiting' : 'done'), question)
  if (refused !== undefined || (isWaiting && !(await isApproved(world, body['id'])))) return
  Object.assign(agents, after)
  for (const client of clients) if (client.agent !== null && !isUsable(world, client)) endsGrants(world, client)
}

const switches = asAdmin(async (world, actor, copy) => {
  const isOn = world.random.chance(world.agents.isOn ? 0.1 : 0.95)
  await changes(world, { actor, copy, act: isOn ? 'agents on' : 'agents off' }, { isOn })
}, 'apps:write')

const lists = asAdmin(async (world, actor, copy) => {
  const { random, agents } = world
  const missing = ENTRIES.filter((entry) => !agents.entries.includes(entry))
  const added = random.chance(0.7) ? random.pick(missing) : undefined
  const removed = random.pick(agents.entries)
  const kept = agents.entries.filter((entry) => added !== undefined || entry !== removed)
  const entries = [...kept, ...(added === undefined ? [] : [added])].toSorted()
  await changes(
    world,
    { actor, copy, act: added === undefined ? 'shorter list of agents' : 'longer list of agents' },
    { entries },
  )
}, 'apps:write')

const endsSignIns = asAdmin(async (world, actor, copy) => {
  const client = world.random.pick(world.clients.filter(({ agent }) => agent !== null))!
  const isKnown = client.agent !== null && client.agent.known !== null
  const refused = whyNoAccess(world, copy, ACCESS) ?? (isKnown ? undefined : 'app.not_found')
  const question = { url: '/agents/end-sign-ins', payload: { id: client.app.client.id }, token: copy.token }
  await world.asks('end of all sign-ins to an agent', actor, refused ?? 'done', { method: 'POST', ...question })
  if (refused === undefined) endsGrants(world, client)
}, 'apps:write')

export const AGENT_ACTS: readonly Act[] = [
  { weight: 4, run: switches },
  { weight: 4, run: lists },
  { weight: 2, run: changesDocument },
  { weight: 1, run: endsSignIns },
]
