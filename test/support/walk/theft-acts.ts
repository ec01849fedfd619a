// What the thief gets hold of, and loses again: passwords, phones, recovery codes, mailboxes and tokens of sessions.
import type { Act } from './act.ts'
import type { Account, Actor } from './facts.ts'
import type { World } from './world.ts'

type Theft = (thief: Actor, owner: Actor, account: Account, world: World) => string

const THEFTS: readonly Theft[] = [
  (thief, _owner, account) => {
    thief.passwords.set(account, account.password)
    return 'learns the password'
  },
  (thief, _owner, account) => {
    for (const app of account.apps) thief.apps.add(app)
    for (const passkey of account.passkeys) thief.passkeys.add(passkey)
    return 'copies the phone'
  },
  (thief, owner, account) => {
    thief.codes.set(account, owner.codes.get(account) ?? [])
    return 'copies the recovery codes'
  },
  (thief, owner) => {
    for (const email of owner.emails) thief.emails.add(email)
    thief.links.push(...owner.links)
    return 'reads the mailbox'
  },
  (thief, owner) => {
    thief.copies.push(...owner.copies.slice(-1))
    return 'steals a session'
  },
  (thief, owner) => {
    thief.cookies.push(...owner.cookies.slice(-1))
    return 'copies the cookie of a remembered device'
  },
  (thief, owner) => {
    for (const email of owner.emails) thief.emails.delete(email)
    return 'is shut out of the mailbox'
  },
  (thief, _owner, account) => {
    thief.apps.clear()
    thief.passkeys.clear()
    thief.codes.delete(account)
    return 'loses phone and codes'
  },
]

export const THEFT_ACTS: readonly Act[] = [
  {
    weight: 3,
    run: async (world) => {
      const thief = world.actors.find(({ account }) => account === null)!
      const owner = world.random.pick(world.actors.filter(({ account }) => account !== null))!
      const how = world.random.pick(THEFTS)!
      world.words.push(`the thief ${how(thief, owner, owner.account!, world)} of ${owner.name}`)
      return Promise.resolve()
    },
  },
]
