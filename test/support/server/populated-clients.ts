// The apps of a filled server: one of each kind, one that gets attributes and groups, and a disabled one that does without protection. And resources.
import assert from 'node:assert/strict'

import { insertGrant } from '#domain/grants/grant.queries.ts'
import { insertGrantToken } from '#domain/grants/token.queries.ts'
import { days, hours } from '#foundation/kernel/time.ts'
import { setAppIcon } from '#use-cases/administration/clients/app-icon.service.ts'
import { disableApp } from '#use-cases/administration/clients/app-state.service.ts'
import { changeApp, createApp, type NewApp, readApp } from '#use-cases/administration/clients/clients.service.ts'
import { createResource, type NewResource } from '#use-cases/administration/resources/resources.service.ts'
import { agreesTo } from '../openid/consents.ts'
import { storeFailedDeliveries } from '../openid/failed-deliveries.ts'
import type { Person } from '../people/people.ts'
import { rowOf } from '../people/second-factors.ts'
import { pngIcon } from '../pictures.ts'
import type { PopulatedGroups } from './populated-groups.ts'
import type { Server } from './start.ts'

/** The ids of apps. */
export interface PopulatedClients {
  /** A web app with a secret. */
  readonly notes: string
  /** A page in the browser. */
  readonly games: string
  /** A program on a device, with a name that breaks lines. */
  readonly long: string
  /** Gets attributes and some groups, and may stay signed in. */
  readonly curious: string
  /** A program that devices sign in to by a code; its users agree to it first. */
  readonly player: string
  /** Disabled; works without PKCE, without encryption and with emails that are not confirmed. */
  readonly old: string
  /** Run by another organization, so it is not trusted; the admin has agreed to less than it asks for by now. */
  readonly meals: string
  /** For some roles and groups only, with a passkey; it was for everyone before. */
  readonly closed: string
  /** An API, which serves the resource `orders`. */
  readonly api: string
  /** The id of the only secret of `notes`. */
  readonly secretOfNotes: string
}

/** The ids of resources. */
export interface PopulatedResources {
  /** Its tokens are opaque. */
  readonly orders: string
  /** Its tokens are JWTs, and all apps may ask for them. */
  readonly mail: string
  /** Agents may ask for it. */
  readonly calendar: string
  /** The app that serves it is disabled. */
  readonly old: string
}

export const CALENDAR_URI = 'https://calendar.example.org/mcp'
export const ORDERS_URI = 'https://api.example.org/orders'
export const LONG_RESOURCE_URI = 'https://a-rather-long-name-of-a-host.mail.example.org/tenants/c0ffee/api/v3'

/** Registers resources of these apps. */
export async function populateResources(
  server: Server,
  { notes, games, meals, api, old }: PopulatedClients,
): Promise<PopulatedResources> {
  const make = async (wanted: NewResource) => (await createResource(server.operator(), wanted)).id
  return {
    orders: await make({
      uri: ORDERS_URI,
      name: 'Orders',
      servedBy: api,
      scopes: ['orders:read', 'orders:write'],
      allowedClients: [notes, games, meals],
    }),
    mail: await make({
      uri: LONG_RESOURCE_URI,
      name: 'E-Mail-Schnittstelle',
      tokenFormat: 'jwt',
      lifetime: 120,
      allowedClients: 'all',
    }),
    calendar: await make({
      uri: CALENDAR_URI,
      name: 'Calendar',
      tokenFormat: 'jwt',
      scopes: ['events:read', 'events:write'],
      allowedClients: 'all',
    }),
    old: await make({ uri: 'https://old.example.org/', name: 'Old wiki', servedBy: old }),
  }
}

/** Registers apps, most of them as the operator does. */
export async function populateClients(
  server: Server,
  groups: PopulatedGroups,
  { admin, ada }: { readonly admin: Person; readonly ada: Person },
): Promise<PopulatedClients> {
  const make = async (wanted: NewApp) => (await createApp(server.operator(), wanted)).client.id
  const notes = await make({
    name: 'Notes',
    redirectUris: ['https://notes.example.org/callback'],
    logoutUris: ['https://notes.example.org/'],
    startUrl: 'https://notes.example.org/',
  })
  const games = await make({
    name: 'Board games',
    kind: 'browser',
    redirectUris: ['https://games.example.org/', 'http://localhost:5173/'],
    startUrl: 'https://games.example.org/',
    trusted: false,
  })
  const long = await make({
    name: 'Donaudampfschifffahrtsgesellschaftskapitänsmützenverleih',
    kind: 'native',
    redirectUris: ['org.example.donaudampfschifffahrtsgesellschaft:/oauth-callback'],
    startUrl: 'https://donaudampfschifffahrtsgesellschaftskapitaensmuetzenverleih.example.org/',
  })
  const made = await admin.asks('POST', '/apps', {
    name: 'חדר בריחה',
    redirect_uris: ['https://a-rather-long-name-of-a-host.escape-room.example.org/users/auth/openid_connect/callback'],
    scopes: ['profile', 'email', 'roles', 'groups', 'offline_access'],
    shared_groups: [groups.named, groups.long],
    claims_in_id_token: true,
    start_url: 'https://a-rather-long-name-of-a-host.escape-room.example.org/',
  })
  assert.equal(made.status, 200, made.raw.body)
  const curious = String(made.body['id'])
  const player = await make({
    name: 'Media player',
    kind: 'native',
    redirectUris: [],
    deviceSignIn: true,
    trusted: false,
    scopes: ['openid', 'profile', 'email', 'roles', 'offline_access'],
  })
  const old = await make({
    name: 'Old wiki',
    redirectUris: ['http://wiki.local/auth'],
    requirePkce: false,
    allowHttp: true,
    unconfirmedEmail: true,
    idTokenAlg: 'RS256',
  })
  await disableApp(server.operator(), old)
  const meals = await make({
    name: 'Meal planner',
    redirectUris: ['https://meals.example.net/callback', 'http://127.0.0.1/callback'],
    authMethod: 'none',
    scopes: ['profile', 'email', 'roles', 'groups', 'offline_access'],
    sharedGroups: [groups.free, groups.long],
    trusted: false,
  })
  const { subject } = await rowOf(admin)
  await agreesTo(server, meals, subject, ['scope:email', 'scope:profile'])
  const closed = await make({
    name: 'Accounts',
    redirectUris: ['https://accounts.example.org/callback'],
    deviceSignIn: true,
  })
  const access = { allowedRoles: ['admin'], allowedGroups: [groups.free, groups.empty], maxAge: 28_800 } as const
  await changeApp(server.operator(), closed, { ...access, leastAssurance: 'phishing-resistant' })
  const api = await make({ name: 'Orders API', kind: 'api' })
  for (const [id, icon] of Object.entries(iconsOf({ notes, games, meals, player })))
    await setAppIcon(server.operator(), id, icon)
  await signInToApps(server, ada, { notes, games, long, curious })
  await storeFailedDeliveries(server, { clientId: curious, subject: (await rowOf(ada)).subject })
  const [secret] = (await readApp(server.operator(), notes)).secrets
  return { notes, games, long, curious, player, old, meals, closed, api, secretOfNotes: secret?.id ?? '' }
}

/** Icons by the ids of the apps: lines of text, a die, a plate and a sign to play. */
function iconsOf({
  notes,
  games,
  meals,
  player,
}: Pick<PopulatedClients, 'notes' | 'games' | 'meals' | 'player'>): Readonly<Record<string, Buffer>> {
  const isOnDie = (x: number, y: number): boolean =>
    [-0.45, 0, 0.45].some((at) => Math.hypot(x - at, y - at) < 0.17 || Math.hypot(x - at, y + at) < 0.17)
  const isOnLines = (x: number, y: number): boolean =>
    [-0.36, 0, 0.36].some((at) => Math.abs(y - at) < 0.08) && x > -0.5 && x < (y > 0.2 ? 0.1 : 0.5)
  const isOnPlate = (x: number, y: number): boolean => {
    const radius = Math.hypot(x, y)
    return radius < 0.34 || (radius > 0.48 && radius < 0.64)
  }
  return {
    [notes]: pngIcon([31, 95, 147], isOnLines),
    [games]: pngIcon([142, 59, 112], isOnDie),
    [meals]: pngIcon([176, 84, 32], isOnPlate),
    [player]: pngIcon([72, 68, 156], (x, y) => x > -0.35 && x < 0.6 - 1.55 * Math.abs(y)),
  }
}

/** The user is signed in to three apps, and has agreed to a fourth. */
async function signInToApps(
  server: Server,
  person: Person,
  { games, ...others }: Pick<PopulatedClients, 'notes' | 'games' | 'long' | 'curious'>,
): Promise<void> {
  for (const clientId of Object.values(others)) {
    await isSignedInTo(server, person, clientId)
    server.clock.pass(hours(2))
  }
  const { subject } = await rowOf(person)
  await agreesTo(server, games, subject, ['scope:email', 'scope:profile'])
}

/** The user is signed in to an app, which may stay signed in. */
export async function isSignedInTo(server: Server, person: Person, clientId: string): Promise<void> {
  const { subject, credentialEpoch: epoch } = await rowOf(person)
  const { db } = server.doorward
  const now = server.clock.now()
  const grant = {
    id: `of-${clientId}`,
    clientId,
    subject,
    epoch,
    sessionId: 'ended',
    methods: ['password', 'totp'],
    resourceId: null,
  }
  await insertGrant(db, { ...grant, authenticatedAt: now, payload: '{}', createdAt: now, expiresAt: now + days(30) })
  const token = { id: `of-${clientId}`, kind: 'refresh', grantId: grant.id, isOffline: true, payload: '{}' } as const
  await insertGrantToken(db, { ...token, createdAt: now, expiresAt: now + days(30) })
}
