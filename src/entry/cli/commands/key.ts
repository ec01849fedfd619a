import { Argument } from 'commander'
import { join } from 'node:path'

import { rotateSigningKeys } from '#domain/signing-keys/rotation.service.ts'
import { KEY_SET_CACHE } from '#domain/signing-keys/signing-key.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import type { LoadedConfig } from '#foundation/platform/config/types.ts'
import { parseKeyring, readKeyringFile } from '#foundation/platform/crypto/keyring-file.ts'
import { type KeyInfo, knownKeys } from '#foundation/platform/crypto/keyring.ts'
import { schemaStatus } from '#foundation/platform/database/schema-status.ts'
import { stated } from '#foundation/texts/english/stated.ts'
import { countAffectedUsers } from '#use-cases/administration/key-recovery/key-recovery.service.ts'
import type { CliCommand } from '../terminal/cli-command.ts'
import { EXIT } from '../terminal/exit-codes.ts'
import { CliFailure } from '../terminal/failure.ts'
import {
  type Invocation,
  invocationOf,
  openForCommand,
  withContext,
  withDatabase,
  type Working,
} from '../terminal/invocation.ts'
import { type Column, counted, printTable, totalOf } from '../terminal/list.ts'
import { confirmOr } from '../terminal/prompt.ts'

interface KeyState extends KeyInfo {
  /** Whether the current keyring contains the key. */
  readonly isInKeyring: boolean
}

/** New keys are published for so long before they sign, and apps may use a key set for so long. */
const OVERLAP = stated.span(KEY_SET_CACHE)

const COLUMNS: readonly Column<KeyState>[] = [
  { head: 'id', of: ({ id }) => id },
  { head: 'purpose', of: ({ purpose }) => purpose },
  { head: 'created', of: ({ createdAt }) => ({ at: createdAt }) },
  { head: 'keyring', of: ({ isInKeyring }) => (isInKeyring ? 'present' : 'missing') },
]

export function addKey(program: CliCommand): void {
  const key = program.command('key').description('manage the keys of this server')
  key
    .command('list')
    .description('list the keys of this database and whether the keyring has them')
    .withExamples('key list', 'key list --json')
    .action((_flags: object, command: CliCommand) => list(invocationOf(command)))
  key
    .command('forget')
    .description(
      'discard lost keys; users who depended on them need a new authenticator app or password (asks for confirmation)',
    )
    .argument('[ids...]', 'ids of lost keys (default: all missing keys)')
    .withExamples('key forget', 'key forget seal-0f3a5b7c9d1e --yes')
    .action((ids: string[], _flags: object, command: CliCommand) => forget(invocationOf(command), ids))
  key
    .command('rotate')
    .description(`make new signing keys of ID tokens; they sign ${OVERLAP} later`)
    .addArgument(new Argument('<what>', 'keys to rotate').choices(['signing']))
    .option('--now', 'for a stolen key: sign with the new keys at once, and take the old ones out of the key set')
    .withExamples('key rotate signing', 'key rotate signing --now')
    .action(withContext(rotate))
}

async function rotate({ ctx, out }: Working, _what: string, { now = false }: { now?: boolean }): Promise<void> {
  const rotation = await rotateSigningKeys(ctx, { now })
  if (rotation === undefined) {
    const detail = now
      ? 'There are no signing keys. They are made with the first app.'
      : `There is nothing to rotate: signing keys are made with the first app, and those of a rotation sign ${OVERLAP} after it.`
    throw new CliFailure({ exit: EXIT.conflict, code: 'key.not_rotated', title: 'Signing keys not rotated', detail })
  }
  const { made, ended, signsFrom } = rotation
  if (out.form === 'json') return out.json({ made, ended, signs_from: toRfc3339(signsFrom) })
  if (!now) return out.done(`Made ${counted(made.length, 'signing key')}. They sign from ${toRfc3339(signsFrom)} on.`)
  out.done(`Made ${counted(made.length, 'signing key')}, which sign from now on`)
  out.warn(
    `  ${counted(ended.length, 'key')} left the key set. Apps may believe them until their cached set expires, which takes up to ${OVERLAP}.`,
  )
}

async function list(invocation: Invocation): Promise<void> {
  const { out, command } = invocation
  const keys = await keyStates(invocation)
  if (out.form === 'json') {
    const items = keys.map(({ id, purpose, fingerprint, createdAt, isInKeyring }) => {
      return { id, purpose, fingerprint, created_at: toRfc3339(createdAt), here: isInKeyring }
    })
    return out.json({ items, next_cursor: null })
  }
  printTable(out, COLUMNS, keys)
  const missing = keys.filter(({ isInKeyring }) => !isInKeyring).length
  out.say(totalOf(keys.length, 'key'))
  if (missing > 0)
    out.warn(
      `${counted(missing, 'key')} missing. Restore the keyring, or discard what is lost: ${command('key forget')}`,
    )
}

async function forget(invocation: Invocation, named: readonly string[]): Promise<void> {
  const { out, loaded, command } = invocation
  const keys = await keyStates(invocation)
  const ids =
    named.length === 0 ? keys.filter(({ isInKeyring }) => !isInKeyring).map(({ id }) => id) : [...new Set(named)]
  for (const id of ids) requireMissingKey(keys, id)
  if (ids.length === 0) return out.say('No key is missing. Nothing was changed.')
  await confirmOr(invocation, `Permanently discard ${ids.join(', ')}? ${await lossOf(invocation, ids)}`)
  const doorward = await openForCommand(loaded.config, { createDatabase: false, forgetKeys: ids })
  const { leftWithoutFactor: left, leftWithoutPassword: passwords } = doorward.report
  await doorward.close()
  if (out.form === 'json') return out.json({ forgotten: ids, users: left, passwords })
  out.done(`Discarded ${counted(ids.length, 'key')}`)
  if (keys.some(({ id, purpose }) => purpose === 'audit' && ids.includes(id))) {
    out.warn('  Earlier events can no longer be verified without that key.')
  }
  if (passwords > 0) {
    out.warn(`  ${counted(passwords, 'user')} must get a new password: ${command('user set-password USER')}`)
    out.warn(`  See who: ${command('audit list --action password.dropped')}`)
  }
  if (left > 0)
    out.warn(
      `  ${counted(left, 'user')} must set up a new authenticator app: ${command('user list --status no-factor')}`,
    )
}

/** The users who would lose an app or a password, for the question before the keys are removed. */
async function lossOf(invocation: Invocation, ids: readonly string[]): Promise<string> {
  const { apps, passwords } = await withDatabase(invocation, (db) => countAffectedUsers({ db }, ids))
  return `This removes the authenticator app of ${counted(apps, 'user')} and the password of ${counted(passwords, 'user')}.`
}

function requireMissingKey(keys: readonly KeyState[], id: string): void {
  const key = keys.find((known) => known.id === id)
  if (key === undefined) {
    const detail = `This database has no key "${id}".`
    throw new CliFailure({ exit: EXIT.missing, code: 'key.not_found', title: 'Key not found', detail })
  }
  if (!key.isInKeyring) return
  const detail = `The key ${id} is in the keyring. Only lost keys can be discarded.`
  throw new CliFailure({ exit: EXIT.conflict, code: 'key.not_lost', title: 'Key not lost', detail })
}

function keyStates(invocation: Invocation): Promise<KeyState[]> {
  return withDatabase(invocation, async (db, loaded) => {
    const held = keyringIds(loaded)
    const keys = 'version' in (await schemaStatus(db)) ? await knownKeys(db) : []
    return keys.map((key) => ({ ...key, isInKeyring: held.has(key.id) }))
  })
}

function keyringIds({ config }: LoadedConfig): Set<string> {
  const text = config.keyring?.reveal()
  const file = join(config.dataDir, 'keyring.json')
  const keyring = text === undefined ? readKeyringFile(file) : parseKeyring(text, 'The configured keyring')
  return new Set(keyring?.keys.map(({ id }) => id))
}
