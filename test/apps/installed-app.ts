// Apps of other projects that npm installs, each with a lockfile of its own in a folder beside this file: installed once, started for one test.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'

import { install, takeTurn } from '../../scripts/install.mjs'
import { pagePath, send } from '../support/browser/page-actions.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { call } from '../support/documentation/packed.ts'
import type { Person } from '../support/people/people.ts'
import { startedProgram, type StartedProgram } from '../support/server/started-program.ts'

const folderOf = (name: string): string => join(import.meta.dirname, name)

/** Installs what the lockfile of the app pins, unless it is installed. */
export async function installApp(name: string): Promise<void> {
  await install(folderOf(name), { what: `the packages of test/apps/${name}` })
}

export interface AppOptions {
  readonly args?: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Whether the app is ready; a rejection counts as not ready. */
  readonly ready: () => Promise<boolean>
}

/** Starts a program of the app's folder by the Node of the test. Throws with the way to install it where it is missing. */
export async function startApp(
  t: TestContext,
  name: string,
  program: string,
  { args = [], env, ready }: AppOptions,
): Promise<StartedProgram> {
  const path = join(folderOf(name), program)
  if (!existsSync(path)) throw new Error(`${program} is not installed. Run \`npm ci\` in test/apps/${name}.`)
  return startedProgram(t, [process.execPath, path, ...args], {
    cwd: folderOf(name),
    env: { PATH: process.env.PATH, HOME: await temporaryFolder(t), NODE_ENV: 'production', ...env },
    ready,
  })
}

/**
 * Compiles a package of the app from its sources, unless this Node runs the code `uses`, which uses it. Its own script would download a
 * program that no lockfile pins. The headers are those beside this Node; node-gyp downloads them where a distribution keeps them elsewhere.
 */
export async function compile(name: string, module: string, uses: string): Promise<void> {
  const cwd = folderOf(name)
  const isUsable = async (): Promise<boolean> =>
    (await call(process.execPath, { args: ['--eval', uses], cwd })).code === 0
  const release = await takeTurn(join(cwd, '.doorward-installing'))
  try {
    if (await isUsable()) return
    const { code, stdout, stderr } = await call('npm', {
      args: ['rebuild', module, ...ITS_SCRIPT],
      cwd,
      env: compiler(),
    })
    const how = 'It takes Python 3, make and a C++ compiler; on Debian: apt-get install build-essential python3'
    assert.ok(code === 0 && (await isUsable()), `${module} could not be compiled. ${how}\n${stdout}${stderr}`)
  } finally {
    release()
  }
}

const ITS_SCRIPT = ['--ignore-scripts=false', '--foreground-scripts', '--loglevel=error']

/** Without optimization it takes a third of the time. */
function compiler(): Readonly<Record<string, string>> {
  const folder = join(dirname(process.execPath), '..')
  const hasHeaders = existsSync(join(folder, 'include', 'node', 'node.h'))
  return {
    npm_config_build_from_source: 'true',
    ...(hasHeaders && { npm_config_nodedir: folder }),
    CFLAGS: '-O0',
    CXXFLAGS: '-O0',
  }
}

/** Signs a user in on the page to which an app has led. */
export async function signsInOn(page: Page, person: Person): Promise<void> {
  assert.equal(pagePath(page), '/sign-in')
  await send(page, { username: person.username, 'current-password': person.password })
  await send(page, { code: person.code() })
}
