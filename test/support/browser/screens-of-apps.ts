// The pages of apps in each of their states.
import type { Page } from 'playwright-core'

import type { PopulatedClients, PopulatedResources } from '../server/populated-clients.ts'
import type { World } from '../server/populated-server.ts'
import { send } from './page-actions.ts'
import { type Screen, sending } from './screen.ts'

/** The path of an app's page, or of a page below it. */
function ofApp(app: keyof PopulatedClients, below = ''): (world: World) => string {
  return ({ clients }) => `/admin/apps/${clients[app]}${below}`
}

/** The path of a resource's page, or of a page below it. */
function ofResource(resource: keyof PopulatedResources, below = ''): (world: World) => string {
  return ({ resources }) => `/admin/resources/${resources[resource]}${below}`
}

/** Chooses another kind and sends the form. */
function sendingKind(kind: string, fields: Readonly<Record<string, string>>): (page: Page) => Promise<void> {
  return async (page) => {
    await page.check(`[name=kind][value=${kind}]`)
    await sending(fields)(page)
  }
}

/** The form at a path, as the admin sees it after sending these fields. */
function sent(name: string, at: string, fields: Readonly<Record<string, string>>, status?: number): Screen {
  return { name, as: 'admin', at, doing: sending(fields), ...(status !== undefined && { status }) }
}

/** The form in which every setting is entered. */
const ANY_APP = '/admin/apps/new?preset=other'
const READER = '/admin/apps/new?preset=miniflux'

export const APP_SCREENS: readonly Screen[] = [
  { name: 'apps', as: 'admin', at: '/admin/apps' },
  { name: 'apps-found', as: 'admin', at: '/admin/apps?q=no' },
  { name: 'apps-not-found', as: 'admin', at: '/admin/apps?q=nothing' },
  { name: 'apps-empty', as: 'owner', at: '/admin/apps', on: 'fresh' },
  { name: 'apps-deleted', as: 'admin', at: '/admin/apps?done=deleted' },
  { name: 'app-presets', as: 'admin', at: '/admin/apps/new' },
  { name: 'app-preset', as: 'admin', at: READER },
  { name: 'app-preset-with-note', as: 'admin', at: '/admin/apps/new?preset=mcp-server' },
  { name: 'app-preset-of-any-app', as: 'admin', at: '/admin/apps/new?preset=web-app' },
  {
    name: 'app-preset-more',
    as: 'admin',
    at: READER,
    doing: (page) => page.click('.more > summary'),
  },
  sent('app-preset-faults', READER, { name: 'Notes', url: 'http://reader.example.org' }, 422),
  sent('app-preset-registered', READER, { name: 'Reader', url: 'https://reader.example.org' }),
  sent('app-preset-registered-public', '/admin/apps/new?preset=opkssh', { name: 'SSH' }),
  { name: 'apps-new', as: 'admin', at: ANY_APP },
  {
    name: 'app-new-more',
    as: 'admin',
    at: ANY_APP,
    doing: (page) => page.click('.more > summary'),
  },
  sent(
    'app-new-faults',
    ANY_APP,
    { name: 'Notes again', redirect_uris: 'https://ok.example/\nhttp://notes.example.org/callback' },
    422,
  ),
  sent('app-new-taken', ANY_APP, { name: 'NOTES', redirect_uris: 'https://notes.example.org/callback' }, 409),
  sent('app-registered', ANY_APP, { name: 'Wiki', redirect_uris: 'https://wiki.example.org/callback' }),
  {
    name: 'app-registered-public',
    as: 'admin',
    at: ANY_APP,
    doing: sendingKind('native', { name: 'Terminal', redirect_uris: 'http://127.0.0.1/callback' }),
  },
  { name: 'app', as: 'admin', at: ofApp('notes') },
  { name: 'app-settings-of-program', as: 'admin', at: ofApp('notes', '?preset=grafana') },
  { name: 'app-long', as: 'admin', at: ofApp('long') },
  { name: 'app-weaker', as: 'admin', at: ofApp('old') },
  { name: 'app-access', as: 'admin', at: ofApp('notes', '/access') },
  { name: 'app-curious', as: 'admin', at: ofApp('curious', '/access') },
  { name: 'app-restricted', as: 'admin', at: ofApp('closed', '/access') },
  { name: 'app-sign-ins', as: 'admin', at: ofApp('notes', '/sign-ins') },
  { name: 'app-not-signed-out', as: 'admin', at: ofApp('curious', '/sign-ins') },
  { name: 'app-secrets', as: 'admin', at: ofApp('notes', '/secrets') },
  { name: 'app-public', as: 'admin', at: ofApp('games', '/secrets') },
  { name: 'app-details', as: 'admin', at: ofApp('notes', '/details') },
  {
    name: 'app-restrict',
    as: 'admin',
    at: ofApp('notes', '/change'),
    doing: async (page) => {
      await page.check('[name="allowed_roles-admin"]')
      await send(page, {})
    },
  },
  {
    name: 'app-new-restricted',
    as: 'admin',
    at: ANY_APP,
    doing: async (page) => {
      await page.click('.more > summary')
      await page.selectOption('[name=least_assurance]', 'phishing-resistant')
      await sending({ name: 'Photos', redirect_uris: 'https://photos.example.org/callback' })(page)
    },
  },
  { name: 'app-undo-access', as: 'admin', at: ofApp('closed', '/undo-access') },
  { name: 'app-disabled', as: 'admin', at: ofApp('old', '/details') },
  { name: 'app-unknown', as: 'admin', at: '/admin/apps/none', status: 404 },
  { name: 'app-change', as: 'admin', at: ofApp('curious', '/change') },
  {
    name: 'app-changed-meanwhile',
    as: 'admin',
    at: ofApp('notes', '/change'),
    doing: async (page) => {
      await page.locator('input[name="seen"]').evaluate((field) => field.setAttribute('value', 'another'))
      await send(page, {})
    },
    status: 412,
  },
  { name: 'app-secret-new', as: 'admin', at: ofApp('notes', '/secrets/new') },
  {
    name: 'app-secret-shown',
    as: 'admin',
    at: ofApp('curious', '/secrets/new'),
    doing: sending({}),
  },
  {
    name: 'app-secret-end',
    as: 'admin',
    at: ({ clients }) => `/admin/apps/${clients.notes}/secrets/${clients.secretOfNotes}/end`,
  },
  { name: 'app-icon', as: 'admin', at: ofApp('notes', '/icon') },
  {
    name: 'app-icon-fault',
    as: 'admin',
    at: ofApp('games', '/icon'),
    doing: async (page) => {
      const file = { name: 'icon.png', mimeType: 'image/png', buffer: Buffer.from('no picture') }
      await page.setInputFiles('#icon', file)
      await send(page, {})
    },
    status: 422,
  },
  { name: 'app-test', as: 'admin', at: ofApp('curious', '/test') },
  { name: 'app-test-step-up', as: 'admin', at: ofApp('closed', '/test') },
  { name: 'app-test-refused', as: 'admin', at: ofApp('old', '/test') },
  { name: 'app-disable', as: 'admin', at: ofApp('notes', '/disable') },
  { name: 'app-delete', as: 'admin', at: ofApp('notes', '/delete') },
  { name: 'app-end-sign-ins', as: 'admin', at: ofApp('notes', '/end-sign-ins') },
  { name: 'app-api', as: 'admin', at: ofApp('api') },
  {
    name: 'app-new-api',
    as: 'admin',
    at: ANY_APP,
    doing: (page) => page.check('[name=kind][value=api]'),
  },
  { name: 'agents', as: 'admin', at: '/admin/agents' },
  { name: 'agents-empty', as: 'owner', at: '/admin/agents', on: 'fresh' },
  { name: 'agents-change', as: 'admin', at: '/admin/agents/change' },
  { name: 'resources', as: 'admin', at: '/admin/resources' },
  { name: 'resources-empty', as: 'owner', at: '/admin/resources', on: 'fresh' },
  { name: 'resource-new', as: 'admin', at: '/admin/resources/new' },
  {
    name: 'resource-new-faults',
    as: 'admin',
    at: '/admin/resources/new',
    doing: sending({ name: 'Orders', uri: 'http://api.example.org/', served_by: 'nobody', scopes: 'openid' }),
    status: 422,
  },
  { name: 'resource', as: 'admin', at: ofResource('orders') },
  { name: 'resource-jwt', as: 'admin', at: ofResource('mail') },
  { name: 'resource-not-served', as: 'admin', at: ofResource('old') },
  { name: 'resource-unknown', as: 'admin', at: '/admin/resources/none', status: 404 },
  { name: 'resource-change', as: 'admin', at: ofResource('orders', '/change') },
  { name: 'resource-delete', as: 'admin', at: ofResource('mail', '/delete') },
]

/** The start page of a user. */
export const OWN_APP_SCREENS: readonly Screen[] = [
  { name: 'my-apps', as: 'user', at: '/account/apps' },
  { name: 'my-apps-signed-out', as: 'beginner', at: '/account/apps?done=signed-out' },
  { name: 'my-apps-empty', as: 'owner', at: '/account/apps', on: 'fresh' },
  { name: 'my-app-sign-out', as: 'user', at: ofOwnApp('curious') },
  { name: 'my-app-withdraw', as: 'user', at: ofOwnApp('games') },
  { name: 'my-app-unknown', as: 'user', at: '/account/apps/none/sign-out', status: 404 },
]

function ofOwnApp(app: keyof PopulatedClients): (world: World) => string {
  return ({ clients }) => `/account/apps/${clients[app]}/sign-out`
}
