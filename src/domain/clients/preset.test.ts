import assert from 'node:assert/strict'
import { test } from 'node:test'

import { NEW_CLIENT } from './client.ts'
import {
  fieldErrorsInProgramUrl,
  fieldsWithUrl,
  filledSettings,
  needsUrl,
  type Preset,
  PRESET_NAME,
  presetTitle,
  programUrl,
  type SettingsOf,
  sortedPresets,
} from './preset.ts'

const {
  name: _,
  allowHttp: _http,
  unconfirmedEmail: _email,
  sharedGroups: _groups,
  attributes: _list,
  ...FIELDS
} = NEW_CLIENT

function preset(values: Partial<Preset> = {}, redirectUris: readonly string[] = ['{url}/callback']): Preset {
  return {
    name: 'reader',
    title: 'Reader',
    about: { en: 'Feeds' },
    settings: [],
    fields: { ...FIELDS, redirectUris },
    ...values,
  }
}

test('the URL of a program is written as browsers write it, whatever was typed', () => {
  for (const [typed, url] of [
    ['https://reader.example.org', 'https://reader.example.org'],
    [' https://reader.example.org/ ', 'https://reader.example.org'],
    ['reader.example.org', 'https://reader.example.org'],
    ['pve.example.org:8006', 'https://pve.example.org:8006'],
    ['HTTPS://Reader.Example.ORG:443/Feeds//', 'https://reader.example.org/Feeds'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['http://[fd00::1]:8080', 'http://[fd00::1]:8080'],
    ['', ''],
    ['https://', 'https://'],
  ] as const)
    assert.equal(programUrl(typed), url, typed)
})

test('a URL that a shell or a file could take for more than a URL is refused', () => {
  for (const [typed, code] of [
    ['https://reader.example.org/feeds', undefined],
    ['https://192.168.0.4:8080', undefined],
    ['', 'field.missing'],
    ['not a url', 'app.url_malformed'],
    ['https://reader.example.org/?page=1', 'app.url_malformed'],
    ['https://reader.example.org/#top', 'app.url_malformed'],
    ['https://ada@reader.example.org', 'app.url_malformed'],
    ['https://reader.example.org/$(id)', 'app.url_malformed'],
    ["https://reader.example.org/'", 'app.url_malformed'],
    ['https://reader.example.org/a;b', 'app.url_malformed'],
    ['ssh://reader.example.org', 'app.url_malformed'],
    ['https://*.example.org', 'app.url_malformed'],
    ['http://reader.example.org', 'app.uri_http'],
  ] as const) {
    const errors = fieldErrorsInProgramUrl(programUrl(typed), false)
    assert.deepEqual(
      errors.map((error) => `${error.pointer} ${error.code}`),
      code === undefined ? [] : [`/url ${code}`],
      typed,
    )
  }
  assert.deepEqual(fieldErrorsInProgramUrl('http://192.168.0.4', true), [])
  assert.equal(fieldErrorsInProgramUrl('http://reader.example.org', true)[0]?.code, 'app.uri_http_public')
})

test('URIs get the URL as it is, also one that looks like a pattern', () => {
  const { redirectUris, logoutUris } = fieldsWithUrl(
    { redirectUris: ['{url}/a', 'app:/b'], logoutUris: ['{url}'] },
    'https://x.example/$&',
  )
  assert.deepEqual([...redirectUris, ...logoutUris], ['https://x.example/$&/a', 'app:/b', 'https://x.example/$&'])
  assert.ok(needsUrl(preset()))
  assert.ok(needsUrl(preset({ fields: { ...FIELDS, redirectUris: ['app:/b'], logoutUris: ['{url}/'] } })))
  assert.ok(!needsUrl(preset({}, ['app:/b'])))
})

test('presets for any app of a kind come first, the others by name', () => {
  const generic = (kind: 'web' | 'browser' | 'native', title: string) =>
    preset({ title: { en: title, de: title }, fields: { ...FIELDS, kind } })
  const sorted = sortedPresets([
    preset({ title: 'opkssh' }),
    generic('native', 'A'),
    preset({ title: 'Grafana' }),
    generic('web', 'C'),
    generic('browser', 'B'),
  ])
  assert.deepEqual(
    sorted.map((one) => presetTitle(one, 'de')),
    ['C', 'B', 'A', 'Grafana', 'opkssh'],
  )
  assert.equal(presetTitle({ title: { en: 'Web app', de: 'Web-App' } }, 'de'), 'Web-App')
  assert.equal(presetTitle({ title: { en: 'Web app' } }, 'fr'), 'Web app')
})

test('the name of a preset is one of a file and of a query, and not that of the form without a preset', () => {
  for (const name of ['web-app', 'a', 'n8n']) assert.ok(PRESET_NAME.test(name), name)
  for (const name of ['other', '', '-a', 'A', 'a_b', '../a', 'a'.repeat(41)]) assert.ok(!PRESET_NAME.test(name), name)
})

const APP: SettingsOf = {
  client: { id: 'reader-1', redirectUris: ['https://reader.example.org/feeds/callback'], scopes: ['openid', 'email'] },
  secret: 'dwc_s3',
  config: { publicUrl: 'https://id.example.org' },
}

function filled(text: string, app: Partial<SettingsOf> = {}, templates?: readonly string[]): string | undefined {
  const [settings] = filledSettings(preset({ settings: [{ where: { en: 'A' }, text }] }, templates), { ...APP, ...app })
  return settings?.text
}

function sentTo(...redirectUris: readonly string[]): Pick<SettingsOf, 'client'> {
  return { client: { ...APP.client, redirectUris } }
}

test('settings get the values of the app, and keep the braces of the program', () => {
  assert.equal(
    filled(
      '{url} {client_id} {client_secret} {issuer} {scopes} {redirect_uri} {token_endpoint} ${HOME} {"a":"{client_id}"}',
    ),
    'https://reader.example.org/feeds reader-1 dwc_s3 https://id.example.org/oidc openid email ' +
      'https://reader.example.org/feeds/callback https://id.example.org/oidc/token ${HOME} {"a":"reader-1"}',
  )
  const values = [['ID', '{client_id}']] as const
  const [settings] = filledSettings(preset({ settings: [{ where: { en: 'A' }, values }] }), APP)
  assert.deepEqual(settings?.values, [['ID', 'reader-1']])
})

test('what is not known any more, or could be more than a URL, is left to be entered', () => {
  assert.equal(filled('{client_secret}', { secret: undefined }), 'CLIENT_SECRET')
  assert.equal(filled('{url}', sentTo('https://reader.example.org/elsewhere')), 'APP_URL')
  const dangerous = ['https://reader.example.org/$(id)/callback', 'app.example:/callback']
  assert.equal(filled('{url} {redirect_uri}', sentTo(...dangerous)), 'APP_URL REDIRECT_URI')
  assert.equal(filled('{url}', sentTo('app:/a', 'https://a.example/callback')), 'https://a.example')
  assert.equal(filled('{url}', sentTo('https://pve.example:8006'), ['{url}']), 'https://pve.example:8006')
})
