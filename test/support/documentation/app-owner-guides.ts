// Follows the pages about apps that sign people in here: connecting one, what it may, its tokens, its secrets, the presets.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { listPresets } from '#domain/clients/preset.service.ts'
import { inLanguage } from '#domain/clients/preset.ts'
import { PASSWORD } from '../people/people.ts'
import { openTerminal, runProgram, runShell, setUp, startShown, type Terminal } from './fresh-clone.ts'
import type { Blocks } from './markdown.ts'

interface Clone {
  readonly terminal: Terminal
  readonly url: string
  /** What the command line shows of the app Wiki. */
  readonly wiki: () => Promise<string>
}

/** A server whose admin is ada; `given` is run first, such as the registration of an app that the page goes on with. */
async function cloneWith(t: TestContext, ...given: readonly string[]): Promise<Clone> {
  const terminal = await openTerminal(t)
  const started = await startShown(t, 'npm start', terminal)
  await setUp(started, 'ada', PASSWORD)
  for (const words of given) await runProgram(words, terminal)
  return { terminal, url: started.url, wiki: () => runProgram('app show Wiki', terminal) }
}

const WIKI = 'app add Wiki --redirect-uri https://wiki.example.org/callback'

/** Apps that are registered, by a preset and without one. */
export async function walkConnect(t: TestContext, page: Blocks): Promise<void> {
  const { terminal, url, wiki } = await cloneWith(t)
  const added = await runShell(page.next(), terminal)
  assert.match(added, /^issuer +http:\/\/localhost:\d+\/oidc\nclient id +\S+\nclient secret +dwc_\S+$/m)
  assert.match(added, /^Wiki +web +enabled/m)
  assert.match(added, /^OAUTH2_REDIRECT_URL=https:\/\/reader\.example\.org\/oauth2\/oidc\/callback$/m)
  assert.equal((await fetch(`${url}/oidc/.well-known/openid-configuration`)).status, 200)
  await runShell(page.next(), terminal)
  assert.match(await wiki(), /^PKCE required +yes$/m)
}

export async function walkClaims(t: TestContext, page: Blocks): Promise<void> {
  const { terminal, wiki } = await cloneWith(t, WIKI)
  await runShell(page.next(), terminal)
  assert.match(await wiki(), /^trusted +no$/m)
}

export async function walkAppAccess(t: TestContext, page: Blocks): Promise<void> {
  const { terminal } = await cloneWith(t, WIKI)
  const access = await runShell(page.next(), terminal)
  assert.match(access, /^users +1\ncannot use it +1\ncan use it now +1\n/m)
  assert.match(
    access,
    /^may be used by +role admin, role user\nneeds +two-factors, a sign-in at most 12 hours ago\n*$/m,
  )
}

/** Apps that sign in on another device: one without a secret, one with. */
export async function walkDevices(t: TestContext, page: Blocks): Promise<void> {
  const { terminal } = await cloneWith(t)
  assert.doesNotMatch(await runShell(page.next(), terminal), /^client secret/m)
  assert.match(await runShell(page.next(), terminal), /^client secret +dwc_\S+$/m)
}

export async function walkResources(t: TestContext, page: Blocks): Promise<void> {
  const { terminal } = await cloneWith(t, WIKI)
  const resource = await runShell(page.next(), terminal)
  assert.match(resource, /^tokens +jwt\ntokens live +2 minutes\nscopes +read\napps that may ask +Wiki$/m)
  assert.match(await runShell(page.next(), terminal), /https:\/\/agent\.example\/client\.json/)
}

/** An app that changes its secret, is kept in a file, and is deleted. */
export async function walkManageApps(t: TestContext, page: Blocks): Promise<void> {
  const { terminal, wiki } = await cloneWith(t, WIKI)
  const [, id = '', other] = /^secrets +(\S+) \(.*\), (\S+) \(/m.exec(await runShell(page.next(), terminal)) ?? []
  await runShell(page.next({ ID: id }), terminal)
  assert.match(await wiki(), new RegExp(`^secrets +${other} \\([^()]*\\)$`, 'm'))
  await runShell(page.next(), terminal)
  const file = join(terminal.folder, 'apps.toml')
  // What was exported changes nothing, so nothing is printed.
  assert.equal(await runShell(page.next({ 'apps.toml': file }), terminal), '')
  assert.match(readFileSync(file, 'utf8'), /^name = "Wiki"$/m)
  assert.match(await runShell(page.next(), terminal), /^sign-ins +0$/m)
  assert.equal(await runProgram('app list --plain', terminal), '')
}

/** Apps that are registered by every preset. */
export async function walkAppPresets(t: TestContext, page: Blocks): Promise<void> {
  const terminal = await openTerminal(t)
  const started = await startShown(t, 'npm start', terminal)
  await setUp(started, 'ada', PASSWORD)
  for (const { name, settings } of await listPresets()) {
    const printed = await runShell(page.next(), terminal)
    assert.match(printed, /^client id +\S+$/m)
    for (const { where } of settings) assert.ok(printed.includes(`\n${inLanguage(where, 'en')}:\n`), name)
  }
}
