// Creates the database of Better Auth with its own migration, and writes users into it with its own adapter.
import { hashPassword, symmetricEncrypt } from 'better-auth/crypto'
import { getMigrations } from 'better-auth/db/migration'
import { createHmac } from 'node:crypto'

import { authFor, openDatabase, SECRET } from './auth.js'

/**
 * Writes users with this password and an authenticator app each; the first `signedIn` of them get a session.
 *
 * @param {string} path
 * @param {readonly { username: string, base32Secret: string }[]} people
 * @param {{ password: string, signedIn: number }} options
 * @returns {Promise<string[]>} the cookies of the signed-in users
 */
export async function seed(path, people, { password, signedIn }) {
  const database = openDatabase(path)
  const auth = authFor(database, 'http://127.0.0.1')
  const { runMigrations } = await getMigrations(auth.options)
  await runMigrations()
  const { adapter, internalAdapter } = await auth.$context
  const hash = await hashPassword(password)
  const cookies = []
  database.exec('begin')
  for (const { username, base32Secret } of people) {
    const user = await internalAdapter.createUser({
      email: `${username}@example.org`,
      name: username,
      emailVerified: true,
      twoFactorEnabled: true,
    })
    await internalAdapter.linkAccount({
      userId: user.id,
      providerId: 'credential',
      accountId: user.id,
      password: hash,
    })
    // The prefix marks a secret that another program created; Better Auth stores its own secrets as text of the same key.
    const secret = await symmetricEncrypt({ key: SECRET, data: `base32:${base32Secret}` })
    await adapter.create({ model: 'twoFactor', data: { userId: user.id, secret, backupCodes: '', verified: true } })
    if (cookies.length < signedIn) cookies.push(cookieFor(await internalAdapter.createSession(user.id)))
  }
  database.exec('commit')
  database.close()
  return cookies
}

function cookieFor({ token }) {
  const signature = createHmac('sha256', SECRET).update(token).digest('base64')
  return `better-auth.session_token=${encodeURIComponent(`${token}.${signature}`)}`
}
