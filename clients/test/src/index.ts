import { join } from 'node:path'

import { type Doorward, requireNodeFor, startDoorwardOf, type StartOptions } from './doorward.ts'

export type { AppTokens, TestApp } from './app.ts'
export type { Browser, Visit } from './browser.ts'
export type { AppOptions, Doorward, StartOptions, UserOptions } from './doorward.ts'
export type { ReceivedMail } from './mails.ts'
export { Authenticator } from './codes.ts'
export { SoftwareAuthenticator } from './software-authenticator.ts'
export type { SecondStep, Session, TestUser } from './user.ts'

/**
 * Starts a Doorward for tests on this machine, with a database of its own. It refuses to run in production. End it with `stop()`, which
 * deletes everything.
 */
export async function startDoorward(options: StartOptions = {}): Promise<Doorward> {
  const manifest = findManifest()
  requireNodeFor(manifest, options.node)
  const doorward = join(manifest, '..', 'dist', 'doorward.js')
  return startDoorwardOf({ doorward, steering: join(__dirname, 'steering.js') }, options)
}

function findManifest(): string {
  try {
    return require.resolve('doorward/package.json')
  } catch (cause) {
    const how = 'npm install --save-dev --save-exact doorward'
    throw new Error(`@doorward/test starts the package doorward, which is not installed: ${how}`, { cause })
  }
}
