// An installation without apps pays nothing for them: no file of the protocol's library and no preset is read, and none of its routes is
// open.
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { registerApp } from './support/openid/apps.ts'
import { liveRoutes } from './support/requests/live-routes.ts'
import { leaveToTestAll, test } from './support/runner/scope.ts'
import { startProcess } from './support/server/processes.ts'
import { newInstallation, start } from './support/server/start.ts'

test('without an app every route of the provider answers 404, and with one none does', async (t) => {
  const server = await start(t)
  const routes = (await liveRoutes(server)).filter(({ url }) => /\/oidc\b/.test(url))
  assert.ok(routes.length >= 12, String(routes.length))
  const answered = async (): Promise<string[]> => {
    const answers = routes.map(async ({ method, url }) => {
      const { statusCode } = await server.app.inject({ method, url: url.replace(':uid', 'x') })
      return `${method} ${url}: ${statusCode}`
    })
    return Promise.all(answers)
  }
  const isMissing = (answer: string): boolean => answer.endsWith('404')
  // Forms of pages are refused before: they come from no page of this server.
  const forms = (await answered()).filter((answer) => !isMissing(answer))
  assert.deepEqual(
    forms.filter((answer) => !/^POST .*: 403$/.test(answer)),
    [],
  )
  await registerApp(server)
  assert.deepEqual((await answered()).filter(isMissing), [])
})

leaveToTestAll()

test('a server without an app reads no file of the library and no preset, and loads the library silently with the first one', async (t) => {
  const installation = await newInstallation(t, 'sqlite')
  const { databaseUrl, dataDir } = installation
  const loaded = join(dataDir, 'loaded')
  const hook = join(dataDir, 'hook.mjs')
  await writeFile(loaded, '')
  await writeFile(
    hook,
    `import { appendFileSync } from 'node:fs'
     import { registerHooks } from 'node:module'
     registerHooks({ load(url, context, next) {
       if (['/oidc-provider/', '/preset-list'].some((part) => url.includes(part))) appendFileSync(${JSON.stringify(loaded)}, url + '\\n')
       return next(url, context)
     } })`,
  )
  const flags = ['--import', pathToFileURL(hook).href]
  const running = await startProcess(t, { databaseUrl, dataDir, flags })
  const discovery = '/oidc/.well-known/openid-configuration'
  assert.equal((await running.ask('GET', discovery)).status, 404)
  assert.equal(await readFile(loaded, 'utf8'), '')
  await registerApp(await start(t, installation))
  assert.equal((await running.ask('GET', discovery)).status, 200)
  const files = await readFile(loaded, 'utf8')
  assert.match(files, /lib\/index\.js/)
  assert.doesNotMatch(files, /preset-list/)
  const ended = await running.stop()
  assert.doesNotMatch(ended.stdout + ended.stderr, /oidc-provider/)
})
