// The pages between an app and its user.
import type { Page } from 'playwright-core'

import { DOCUMENT, OTHER_HOST } from '../openid/agent-host.ts'
import { waitingDevice } from '../openid/devices.ts'
import { CALENDAR_URI, LONG_RESOURCE_URI, ORDERS_URI, type PopulatedClients } from '../server/populated-clients.ts'
import type { World } from '../server/populated-server.ts'
import { moveOn, send } from './page-actions.ts'
import { type Screen, sending } from './screen.ts'

const INTERACTION = '/oidc/interaction/:uid'
const NOTES = 'https://notes.example.org/callback'
const MEALS = 'https://meals.example.net/callback'
const EVERYTHING = { scope: 'openid profile email roles groups' }
const ESCAPE_ROOM = 'https://a-rather-long-name-of-a-host.escape-room.example.org/users/auth/openid_connect/callback'
const PROGRAM = 'org.example.donaudampfschifffahrtsgesellschaft:/oauth-callback'
/** A URL on the device of the user, so that any program there could ask. */
const ON_DEVICE = 'http://localhost:5173/'

type Parameters = Readonly<Record<string, string>>

/** The path to which an app sends the browser for an authorization. */
function asking(app: keyof PopulatedClients, redirectUri: string, more: Parameters = {}) {
  return ({ clients }: World): string => authorization({ client_id: clients[app], redirect_uri: redirectUri, ...more })
}

function authorization(parameters: Parameters): string {
  const code = { response_type: 'code', code_challenge: 'c'.repeat(43), code_challenge_method: 'S256', state: 'x1' }
  return `/oidc/auth?${new URLSearchParams({ ...code, scope: 'openid', ...parameters })}`
}

const AGENT = { client_id: DOCUMENT, redirect_uri: 'http://localhost:49152/callback' }

/** Types the code of a device that waits. */
function typingCode(app: keyof PopulatedClients, request: Parameters = {}) {
  return async (page: Page, { server, clients }: World): Promise<void> => {
    const userCode = await waitingDevice(server, clients[app], request)
    await send(page, { user_code: `${userCode.slice(0, 4)} ${userCode.slice(4).toLowerCase()}` })
  }
}

const DEVICE = '/oidc/device'
const ALL_ON_DEVICE = {
  scope: 'openid profile email roles offline_access',
  ipAddress: '2001:db8:85a3:1234:5678:8a2e:370:7334',
}

const PASSKEY = { acr_values: 'urn:doorward:phishing-resistant' }
const SOMEBODY_ELSE = { claims: JSON.stringify({ id_token: { sub: { value: 'somebody-else' } } }) }

export const OPENID_SCREENS: readonly Screen[] = [
  { name: 'openid-app-unknown', as: 'anonymous', at: '/oidc/auth?client_id=none', status: 400 },
  { name: 'openid-app-disabled', as: 'user', at: asking('old', 'http://wiki.local/auth'), status: 400 },
  { name: 'openid-address-unknown', as: 'user', at: asking('notes', 'https://notes.example.org/other'), status: 400 },
  {
    name: 'openid-address-unknown-to-admin',
    as: 'admin',
    at: asking('notes', 'https://notes.example.org/users/auth/openid_connect/callback'),
    status: 400,
  },
  { name: 'openid-request-malformed', as: 'user', at: asking('notes', ''), status: 400 },
  { name: 'host-return-none', as: 'owner', at: '/auth/for-host?host=wiki.example.org', on: 'fresh', status: 404 },
  { name: 'openid-expired', as: 'user', at: '/oidc/interaction/none', status: 400 },
  { name: 'openid-resumed-late', as: 'user', at: '/oidc/auth/none', status: 400 },
  { name: 'openid-consent', as: 'user', at: asking('meals', MEALS, EVERYTHING), endsAt: INTERACTION },
  { name: 'openid-consent-to-more', as: 'admin', at: asking('meals', MEALS, EVERYTHING), endsAt: INTERACTION },
  {
    name: 'openid-consent-to-resource',
    as: 'user',
    at: asking('meals', MEALS, { scope: 'openid orders:read orders:write', resource: ORDERS_URI }),
    endsAt: INTERACTION,
  },
  {
    name: 'openid-consent-on-device',
    as: 'long',
    at: asking('meals', 'http://127.0.0.1:5173/callback', { ...EVERYTHING, resource: LONG_RESOURCE_URI }),
    endsAt: INTERACTION,
  },
  {
    name: 'openid-consent-asked-for',
    as: 'user',
    at: asking('notes', NOTES, { prompt: 'consent' }),
    endsAt: INTERACTION,
  },
  {
    name: 'openid-consent-to-agent',
    as: 'admin',
    at: authorization({
      ...AGENT,
      scope: 'openid profile offline_access events:read events:write',
      resource: CALENDAR_URI,
    }),
    endsAt: INTERACTION,
  },
  {
    name: 'openid-agent-not-listed',
    as: 'user',
    at: authorization({ ...AGENT, client_id: `https://${OTHER_HOST}/reviewer.json` }),
    status: 400,
  },
  { name: 'openid-agree-on-device', as: 'long', at: asking('games', ON_DEVICE), endsAt: INTERACTION },
  {
    name: 'openid-agree-long',
    as: 'hebrew',
    at: asking('long', PROGRAM),
    endsAt: INTERACTION,
  },
  {
    name: 'openid-consent-right-to-left',
    as: 'hebrew',
    at: asking('curious', ESCAPE_ROOM, { ...EVERYTHING, prompt: 'consent' }),
    endsAt: INTERACTION,
  },
  {
    name: 'openid-back-to-program',
    as: 'user',
    at: asking('long', PROGRAM),
    doing: async (page) => {
      await send(page, {})
      await page.waitForURL('**/oidc/auth/**')
    },
    endsAt: '/oidc/auth/:uid',
  },
  { name: 'openid-other-user', as: 'user', at: asking('notes', NOTES, SOMEBODY_ELSE), endsAt: INTERACTION },
  {
    name: 'openid-restricted',
    as: 'remembered',
    at: asking('closed', 'https://accounts.example.org/callback'),
    endsAt: INTERACTION,
    status: 403,
  },
  { name: 'openid-unmet', as: 'beginner', at: asking('notes', NOTES, PASSKEY), endsAt: INTERACTION, status: 403 },
  { name: 'device', as: 'user', at: '/device?user_code=BCDF-GHJK', endsAt: DEVICE },
  { name: 'device-code-unknown', as: 'user', at: DEVICE, doing: sending({ user_code: 'bcdf ghjk' }), status: 422 },
  { name: 'device-question', as: 'user', at: DEVICE, doing: typingCode('player') },
  { name: 'device-question-offline', as: 'hebrew', at: DEVICE, doing: typingCode('player', ALL_ON_DEVICE) },
  { name: 'device-restricted', as: 'long', at: DEVICE, doing: typingCode('closed'), status: 403 },
  {
    name: 'device-unmet',
    as: 'beginner',
    at: DEVICE,
    doing: typingCode('player', { acr_values: 'urn:doorward:phishing-resistant' }),
    status: 403,
  },
  {
    name: 'device-allowed',
    as: 'user',
    at: DEVICE,
    doing: async (page, world) => {
      await typingCode('player')(page, world)
      await send(page, {})
    },
    endsAt: '/oidc/device/allow',
  },
  {
    name: 'device-denied',
    as: 'user',
    at: DEVICE,
    doing: async (page, world) => {
      await typingCode('player')(page, world)
      await moveOn(page, () => page.click('form[action$="/deny"] button'))
    },
    endsAt: '/oidc/device/deny',
  },
  { name: 'openid-sign-out', as: 'user', at: ({ clients }) => `/oidc/session/end?client_id=${clients.notes}` },
  { name: 'openid-sign-out-unknown-app', as: 'long', at: '/oidc/session/end' },
  { name: 'openid-signed-out', as: 'anonymous', at: '/oidc/session/end', endsAt: '/sign-out' },
]
