import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

import { projectPath } from '#foundation/platform/project.ts'
import { LANGUAGES, texts } from '#foundation/texts/texts.ts'
import { temporaryFolder } from '#test/support/databases/temporary.ts'
import { readPreset, readPresets } from './preset-reader.service.ts'
import { presetTitle } from './preset.ts'

const PRESETS = readPresets(projectPath('presets'))

const READER = `# the manual
kind = "web"
title = "Reader"
about = { en = "Feeds", de = "Feeds lesen" }
redirect_uris = ["{url}/callback"]

[[settings]]
where = { en = "A file", de = "Eine Datei" }
text = "id = {client_id}"

[[settings]]
where = { en = "Another", de = "Eine andere" }
text = "secret = {client_secret}"
`

test('a file is read with the defaults of a new app', () => {
  const read = readPreset('reader.toml', READER)
  assert.ok('preset' in read)
  const { name, title, fields, run } = read.preset
  assert.deepEqual([name, title, run], ['reader', 'Reader', undefined])
  assert.deepEqual(
    [fields.authMethod, fields.requirePkce, fields.idTokenAlg, fields.scopes],
    ['client_secret_basic', true, 'ES256', ['openid', 'profile', 'email']],
  )
  const native = readPreset('tool.toml', READER.replace('"web"', '"native"').replace('{client_secret}', '{issuer}'))
  assert.equal('preset' in native && native.preset.fields.authMethod, 'none')
})

test('a fault is named by file, line and field', () => {
  for (const [change, fault] of [
    [
      ['kind = "web"', 'kind = "server"'],
      /^presets\/reader\.toml line 2: kind: Choose one of: web, browser, native, api\.$/,
    ],
    [['kind = "web"', 'kind = '], /^presets\/reader\.toml line 2: text that is not TOML/],
    [
      ['kind = "web"', 'kind = "web"\nallow_http = true'],
      /^presets\/reader\.toml line 3: allow_http: Unknown field\.$/,
    ],
    [['kind = "web"\n', ''], /^presets\/reader\.toml line 1: kind: Required\.$/],
    [[', de = "Feeds lesen"', ''], /^presets\/reader\.toml line 4: about\.de: Required\.$/],
    [['"{url}/callback"', '"{url}/callback#"'], /line 5: redirect_uris: Leave out the part from the # on\.$/],
    [['"{url}/callback"', '"{issuer}/callback"'], /line 5: redirect_uris: \{issuer\} cannot be known/],
    [['"{url}/callback"', ''], /line 5: redirect_uris: A program has redirect URIs/],
    [['secret = {client_secret}', 'secret = {secret}'], /line 13: settings\.1\.text: \{secret\} is no placeholder/],
    [['"{url}/callback"', '"app.example:/a"'], undefined],
    [['text = "id = {client_id}"', ''], /line 7: settings\.0: Has a text or values/],
    [['kind = "web"', 'kind = "native"'], /line 13: settings\.1\.text: \{client_secret\}: the app has no secret\.$/],
    [['kind = "web"', 'kind = "native"\nrequire_pkce = false'], /line 3: require_pkce: An app without a secret/],
  ] as const) {
    const read = readPreset('reader.toml', READER.replace(change[0], change[1]))
    if (fault === undefined) assert.ok('preset' in read)
    else assert.match('faults' in read ? read.faults.join('\n') : '', fault)
  }
  const url = readPreset('reader.toml', READER.replace('{url}/callback', 'app:/a').replace('{client_id}', '{url}'))
  assert.match('faults' in url ? url.faults.join('\n') : '', /line 9: settings\.0\.text: \{url\}: no redirect URI/)
  for (const file of ['other.toml', 'Reader.toml']) assert.ok('faults' in readPreset(file, READER), file)
})

test('a folder with faults names those of every file, and gives no presets', async (t) => {
  const folder = join(await temporaryFolder(t), 'presets')
  await mkdir(folder)
  await writeFile(join(folder, 'a.toml'), READER.replace('"web"', '"x"'))
  await writeFile(join(folder, 'b.toml'), READER)
  await writeFile(join(folder, 'c.toml'), 'kind = ')
  await writeFile(join(folder, 'notes.txt'), '')
  assert.throws(() => readPresets(folder), /^Error: presets\/a\.toml line 2: .*\npresets\/c\.toml line 1: [^\n]*$/)
})

test('the presets of this version can be read: three for any app, then programs', () => {
  const titles = PRESETS.map((preset) => presetTitle(preset, 'en'))
  assert.deepEqual(titles.slice(0, 3), ['Web app', 'Single-page app', 'Native app'])
  for (const preset of PRESETS.slice(0, 3))
    for (const language of LANGUAGES)
      assert.equal(
        presetTitle(preset, language),
        texts(language).apps.kinds[preset.fields.kind],
        'the name of its kind',
      )
  for (const program of [
    'Forgejo',
    'Gitea',
    'Grafana',
    'Immich',
    'Jellyfin',
    'MCP server',
    'Miniflux',
    'Nextcloud',
    'opkssh',
    'Proxmox VE',
  ])
    assert.ok(titles.includes(program), program)
})

test('a preset that was run names its test, and an npm package in the version that is installed here', () => {
  const { devDependencies } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as {
    readonly devDependencies: Readonly<Record<string, string>>
  }
  const run = PRESETS.flatMap((preset) => preset.run ?? [])
  assert.ok(run.length > 3)
  for (const { program, test: path } of run) {
    assert.ok(existsSync(projectPath(path)), path)
    const [name = '', version] = program.split(' ')
    if (name in devDependencies) assert.equal(version, devDependencies[name], program)
  }
})

test('the texts of presets are typeset as those of pages, and each language has its own', () => {
  for (const { name, about, note, settings } of PRESETS) {
    const words = [about, ...(note ? [note] : []), ...settings.map(({ where }) => where)]
    for (const text of words.flatMap(Object.values)) assert.doesNotMatch(text, /['"`]|\.\.\.| {2}|!/, name)
    for (const { de = '' } of words) assert.doesNotMatch(de, /\b(du|dir|dich|dein\w*)\b|”/i, name)
    for (const text of Object.values(about)) assert.doesNotMatch(text, /\.$/, name)
    for (const text of Object.values(note ?? {})) assert.match(text, /[.\w]$/, name)
  }
})
